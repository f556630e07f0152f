using Patterns;

namespace PgDurable.Samples.Tests.Patterns;

/// <summary>Every workflow of samples/Patterns ends on a real server as it does in its unit tests.</summary>
public sealed class PatternsServerTests(PatternsServer server) : IClassFixture<PatternsServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task BookTrip_SoldOutCar_GivesEverythingBack()
    {
        await server.ExecuteAsync("INSERT INTO patterns.offers VALUES ('F', 400.5, 2), ('H', 200, 2), ('C', 90, 1)");

        var trip = await (await BookTrip.StartAsync(server.Durable, new("anna", "F", "H", "C"))).ResultAsync(Patience);
        var second = await BookTrip.StartAsync(server.Durable, new("ben", "F", "H", "C"));
        var error = await Assert.ThrowsAsync<WorkflowFailedException>(() => second.ResultAsync(Patience));

        Assert.Equal(690.5m, trip.Price);
        Assert.Contains("is_available", error.Message);
        Assert.Equal("1 1 0", await server.ScalarAsync<string>(
            "SELECT string_agg(available::text, ' ' ORDER BY price DESC) FROM patterns.offers"));
        Assert.Equal(2L, await server.ScalarAsync<long>(
            "SELECT count(*) FROM patterns.bookings WHERE traveller = 'ben' AND cancelled_at IS NOT NULL"));
    }

    [Fact]
    public async Task ApproveExpense_LeadIsSilent_ManagerDecides()
    {
        await server.ExecuteAsync("INSERT INTO patterns.expenses VALUES (1, 'lea', 'max', 99), (2, 'lea', 'max', 10)");

        var run = await ApproveExpense.StartAsync(server.Durable, new(ExpenseId: 1, TimeSpan.FromSeconds(2)));
        await TestKit.Poll.UntilAsync("the manager has mail", () => server.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM patterns.mails WHERE recipient = 'max')"));
        await ApproveExpense.SignalAnswerAsync(server.Durable, run.InstanceId, new(true, "max"));
        var silent = await ApproveExpense.StartAsync(server.Durable, new(ExpenseId: 2, Soon));

        Assert.Equal(new("approved", "max"), await run.ResultAsync(Patience));
        Assert.Equal(new("rejected", null), await silent.ResultAsync(Patience));
    }

    [Fact]
    public async Task ExportData_DoneAtTheThirdLook_HasTheFile()
    {
        var run = await ExportData.StartAsync(server.Durable, new(server.Systems.Url, "anna"));

        Assert.Equal("job-1.csv", (await run.ResultAsync(Patience)).File);
    }

    [Fact]
    public async Task SummarizeSales_BatchesOfSeven_AddUp()
    {
        await server.ExecuteAsync(
            "INSERT INTO patterns.sales (sold_on, quantity, price) SELECT DATE '2026-03-01' + i % 2, 2, i FROM generate_series(1, 100) i");

        var run = await SummarizeSales.StartAsync(server.Durable, new(new(2026, 3, 1), BatchSize: 7));
        var empty = await SummarizeSales.StartAsync(server.Durable, new(new(2026, 4, 1), BatchSize: 7));

        Assert.Equal(new(new(2026, 3, 1), Sales: 50, Total: 5100m), await run.ResultAsync(Patience));
        Assert.Equal(new(new(2026, 4, 1), Sales: 0, Total: 0m), await empty.ResultAsync(Patience));
    }

    [Fact]
    public async Task SummarizeSales_WorkerIsKilledHalfway_CountsEachSaleOnce()
    {
        await server.ExecuteAsync(
            "INSERT INTO patterns.sales (sold_on, quantity, price) SELECT '2026-05-01', 1, 1 FROM generate_series(1, 3000)");

        var run = await SummarizeSales.StartAsync(server.Durable, new(new(2026, 5, 1), BatchSize: 3));
        await TestKit.Poll.UntilAsync("some batches are done", () => server.ScalarAsync<bool>(
            $"SELECT count(*) > 100 FROM df.history('{run.InstanceId}')"));
        await server.KillWorkerAsync();

        Assert.Equal(new(new(2026, 5, 1), Sales: 3000, Total: 3000m), await run.ResultAsync(Patience));
        Assert.Equal(1L, await server.ScalarAsync<long>("SELECT count(*) FROM patterns.daily_sales WHERE day = '2026-05-01'"));
    }

    [Fact]
    public async Task TransferMoney_AcceptedAndRefused_TakesTheMoneyOnce()
    {
        await server.ExecuteAsync("INSERT INTO patterns.accounts VALUES ('anna', 100)");

        var run = await TransferMoney.StartAsync(server.Durable, new("anna", server.Systems.Url, "ben", 30m, Soon));
        var refused = await TransferMoney.StartAsync(server.Durable, new("anna", server.Systems.Url, "nobody", 20m, Soon));

        Assert.Equal("for ben", (await run.ResultAsync(Patience)).Reference);
        Assert.Equal("BANK1", (await Assert.ThrowsAsync<WorkflowFailedException>(() => refused.ResultAsync(Patience))).SqlState);
        Assert.Equal(70m, await server.ScalarAsync<decimal>("SELECT balance FROM patterns.accounts WHERE account = 'anna'"));
    }

    [Fact]
    public async Task ProcessInvoices_TwoAreBad_PostsTheThird()
    {
        await server.ExecuteAsync(
            """
            INSERT INTO patterns.purchase_orders VALUES (1, 100);
            INSERT INTO patterns.invoices VALUES (1, 'acme', 1, 101, 0.2), (2, 'acme', 1, 150, 0.2), (3, 'acme', NULL, 1, 0.2)
            """);

        var run = await ProcessInvoices.StartAsync(server.Durable, new("acme"));

        Assert.Equal(new(Posted: 1, Rejected: 2), await run.ResultAsync(Patience));
        Assert.Equal(121.2m, await server.ScalarAsync<decimal>("SELECT gross FROM patterns.postings"));
        Assert.Equal("invoice 2 is more than 2 % above its order\ninvoice 3 has no order", await server.ScalarAsync<string>(
            "SELECT string_agg(split_part(problem, ': ', 2), E'\\n' ORDER BY id) FROM patterns.invoices"));
    }

    [Fact]
    public async Task VerifyPhone_SecondCodeIsRight_IsVerified()
    {
        var run = await VerifyPhone.StartAsync(server.Durable, new("+33 1", server.Systems.Url, MaxAttempts: 3, TimeSpan.FromMinutes(5)));
        var ignored = await VerifyPhone.StartAsync(server.Durable, new("+33 2", server.Systems.Url, MaxAttempts: 3, Soon));
        var code = (await server.Systems.MessageAsync("+33 1"))[^6..];

        await VerifyPhone.SignalEntryAsync(server.Durable, run.InstanceId, new("wrong"));
        await VerifyPhone.SignalEntryAsync(server.Durable, run.InstanceId, new(code));

        Assert.Equal(new("verified", 2), await run.ResultAsync(Patience));
        Assert.Equal(new("expired", 0), await ignored.ResultAsync(Patience));
    }

    [Fact]
    public async Task ReportNightly_SomebodyAsksTwice_EndsWithTheSecondDay()
    {
        await server.ExecuteAsync(
            """
            INSERT INTO patterns.campaigns VALUES (1, '2026-03-01', '2026-03-02');
            INSERT INTO patterns.campaign_orders VALUES (1, '2026-03-01', 5), (1, '2026-03-02', 7), (1, '2026-03-02', 8)
            """);

        var run = await ReportNightly.StartAsync(server.Durable, new(CampaignId: 1));
        await ReportNightly.SignalReportNowAsync(server.Durable, run.InstanceId);
        await ReportNightly.SignalReportNowAsync(server.Durable, run.InstanceId);

        Assert.Equal(new(new(2026, 3, 2), Revenue: 15m, IsLast: true), await run.ResultAsync(Patience));
    }

    [Fact]
    public async Task RemindBeforeDue_PaidAndUnpaid_RemindsTheOther()
    {
        await server.ExecuteAsync(
            """
            INSERT INTO patterns.bills (id, email, due_at, paid_at)
            VALUES (1, 'late@example.com', now() + interval '2 seconds', NULL), (2, 'paid@example.com', now() + interval '2 seconds', now())
            """);

        var late = await RemindBeforeDue.StartAsync(server.Durable, new(BillId: 1, Notice: TimeSpan.FromSeconds(1.5)));
        var paid = await RemindBeforeDue.StartAsync(server.Durable, new(BillId: 2, Notice: TimeSpan.FromSeconds(1.5)));

        Assert.Equal("overdue", (await late.ResultAsync(Patience)).Status);
        Assert.Equal("paid", (await paid.ResultAsync(Patience)).Status);
        Assert.Equal("late@example.com", await server.ScalarAsync<string>(
            "SELECT string_agg(recipient, ' ') FROM patterns.mails WHERE recipient LIKE '%@example.com'"));
    }

    [Fact]
    public async Task RemindBeforeDue_ClocksChangeInBetween_WaitsUntilThreeTimes24HoursBefore()
    {
        await server.ExecuteAsync(
            """
            ALTER ROLE patterns SET timezone = 'Europe/Paris';
            INSERT INTO patterns.bills (id, email, due_at) VALUES (3, 'anna@example.com', '2037-03-30 12:00+00')
            """);

        var run = await RemindBeforeDue.StartAsync(server.Durable, new(BillId: 3, Notice: TimeSpan.FromDays(3)));
        var until = await TestKit.Poll.UntilAsync("it waits", async () =>
            await server.ScalarAsync<object>(
                $"SELECT max(until AT TIME ZONE 'UTC')::text FROM df.waiting WHERE id = '{run.InstanceId}'") as string);

        Assert.Equal("2037-03-27 12:00:00", until);
        await run.CancelAsync("checked");
    }

    [Fact]
    public async Task AssessCustomer_OrdersAndScore_DecideTheLimit()
    {
        await server.ExecuteAsync("INSERT INTO patterns.orders (customer_id, total) VALUES (3, 100.5), (3, 200)");

        var run = await AssessCustomer.StartAsync(server.Durable, new(CustomerId: 3, server.Systems.Url));

        await run.WaitAsync(Patience);
        Assert.Equal(450.25m, await server.ScalarAsync<decimal>("SELECT credit_limit FROM patterns.assessments WHERE customer_id = 3"));
    }

    [Fact]
    public async Task SyncContacts_ServerAsksForPauses_CopiesAll()
    {
        await server.ExecuteAsync("INSERT INTO patterns.contacts VALUES (1, 'Anna \"A\"', 'a@example.com'), (2, 'Ben', 'b@example.com')");

        var run = await SyncContacts.StartAsync(server.Durable, new(server.Systems.Url));

        Assert.Equal(2, (await run.ResultAsync(Patience)).Count);
        Assert.True(await server.ScalarAsync<bool>("SELECT bool_and(synced_revision = revision) FROM patterns.contacts"));
    }

    [Fact]
    public async Task RenewSubscription_EmptyAccountAndCancelled_EndForTheirReasons()
    {
        await server.ExecuteAsync(
            """
            INSERT INTO patterns.accounts VALUES ('empty', 25), ('full', 25);
            INSERT INTO patterns.subscriptions (id, account, price) VALUES (1, 'empty', 10), (2, 'full', 10)
            """);

        var unpaid = await RenewSubscription.StartAsync(server.Durable, new(SubscriptionId: 1, Soon, Soon, Soon));
        var cancelled = await RenewSubscription.StartAsync(server.Durable, new(SubscriptionId: 2, Soon, TimeSpan.FromDays(30), Soon));
        await TestKit.Poll.UntilAsync("it is charged", () => server.ScalarAsync<bool>(
            "SELECT payments = 1 FROM patterns.subscriptions WHERE id = 2"));
        await RenewSubscription.SignalCancelAsync(server.Durable, cancelled.InstanceId, new(Comment: null));

        Assert.Equal(new(RenewSubscription.Reason.Unpaid, Payments: 2), await unpaid.ResultAsync(Patience));
        Assert.Equal(new(RenewSubscription.Reason.Cancelled, Payments: 1), await cancelled.ResultAsync(Patience));
        Assert.Equal(5m, await server.ScalarAsync<decimal>("SELECT balance FROM patterns.accounts WHERE account = 'empty'"));
    }
}
