using System.Globalization;
using System.Net;

namespace Shop.Payments;

/// <summary>The payment provider's client library, as it were.</summary>
public sealed class PaymentClient(HttpClient http)
{
    /// <summary>Charges an account once for each key, however often it is called.</summary>
    /// <returns>The id of the charge.</returns>
    /// <exception cref="CardDeclinedException">The card is declined.</exception>
    /// <exception cref="HttpRequestException">The provider is unavailable. The charge may have happened.</exception>
    public async Task<string> ChargeAsync(Guid key, string account, decimal amount, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/charges")
        {
            Content = JsonContent.Create(new ChargeRequest(account, amount)),
            Headers = { { "Idempotency-Key", key.ToString("D", CultureInfo.InvariantCulture) } },
        };
        using var response = await http.SendAsync(request, ct);
        if (response.StatusCode == HttpStatusCode.PaymentRequired)
            throw new CardDeclinedException($"the card of {account} was declined");
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<Charge>(ct))!.Id;
    }
}

/// <summary>The card is declined.</summary>
public sealed class CardDeclinedException(string message) : Exception(message);

/// <summary>The body of a request.</summary>
public sealed record ChargeRequest(string Account, decimal Amount);

/// <summary>A charge at the payment provider.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">The idempotency key.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">The amount.</param>
/// <param name="Requests">How often it was asked for.</param>
/// <param name="Answers">How many of the requests have been answered.</param>
public sealed record Charge(string Id, string Key, string Account, decimal Amount, int Requests, int Answers);
