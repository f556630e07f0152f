using System.Net;
using System.Text;
using Npgsql;
using PgDurable.Graph;
using PgDurable.Testing.Running;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Steps.Http;

namespace PgDurable.Testing.Answers;

/// <summary>
/// The answers of a test. More specific answers come first: failures, answers by name, functions, a real database, and then constant
/// SELECTs.
/// </summary>
internal sealed partial class AnswerBook : IAnswers
{
    private const long MaxResultBytes = 100L * 1024 * 1024;

    private readonly List<Failures> _failures = [];
    private readonly List<Sequence> _named = [];
    private readonly List<Func<TestStep, StepAnswer?>> _functions = [];
    private readonly List<(string? Step, Func<TestHttpRequest, HttpReply?> Reply)> _http = [];
    private readonly List<(string Workflow, Func<TestStep, StepAnswer> Answer)> _children = [];
    private readonly List<(string Workflow, AnswerBook Book)> _books = [];
    private readonly List<(string Step, TimeSpan Duration)> _durations = [];

    public long? WritesAffect { get; set; }

    public RealSql? Database { get; set; }

    /// <summary>All step names that the test uses.</summary>
    public IEnumerable<string> Steps =>
        _books.SelectMany(entry => entry.Book.Steps)
            .Concat(_failures.Select(entry => entry.Step)).Concat(_named.Select(entry => entry.Step))
                .Concat(_durations.Select(entry => entry.Step))
            .Concat(_activities.Select(entry => entry.Name))
            .Concat(_http.Where(entry => entry.Step is not null).Select(entry => entry.Step!));

    /// <summary>The child workflows that run.</summary>
    public List<ChildWorkflow> Children { get; } = [];

    public void Fail(string step, StepFailure failure, int attempts) => _failures.Add(new(step, failure, attempts));

    public void Take(string step, TimeSpan duration) => _durations.Add((step, duration));

    /// <summary>Adds an answer for a step. Each answer is for one execution, and the last one for all further executions.</summary>
    public void Name(string step, Func<TestStep, object?> answer, Type? declared)
    {
        var known = _named.Find(entry => entry.Step == step);
        if (known is null)
            _named.Add(known = new(step));
        known.Answers.Add(asking => Encode(answer(asking), declared, asking));
    }

    public void Function(Func<TestStep, object?> answer) => _functions.Add(step => Encode(answer(step), null, step));

    public void Http(string? step, Func<TestHttpRequest, HttpReply?> reply) => _http.Add((step, reply));

    public void Child(string workflow, Func<TestStep, StepAnswer> answer) => _children.Add((workflow, answer));

    /// <summary>Adds a child workflow with answers that apply only to its steps and come before all others.</summary>
    public void Child(ChildWorkflow child, AnswerBook book)
    {
        _children.Add((child.Name, _ => new StepAnswer.Started(child)));
        _children.AddRange(book._children);
        _books.Add((child.Name, book));
        _books.AddRange(book._books);
        book._books.Clear();
        Children.Add(child);
        Children.AddRange(book.Children);
    }

    public TimeSpan DurationOf(TestStep step)
    {
        foreach (var book in Books(step))
            foreach (var (name, duration) in book._durations)
                if (StepNames.Match(name, step.Definition))
                    return duration;
        return TimeSpan.Zero;
    }

    public async ValueTask<StepAnswer> SqlAsync(TestStep step)
    {
        if (Failure(step) is { } failure)
            return new StepAnswer.Failed(failure.ToError(step.Sql));
        foreach (var book in Books(step))
            if (book.Known(step) is { } known)
                return known;
        var constant = Constants.ConstantSelect.Evaluate(step.Sql);
        // The instance isn't in the test's database.
        if (Database is not null && Constants.ConstantSelect.Effects(step.Sql) is (null, { Count: 0 }))
        {
            var answer = await Database.RunAsync(step).ConfigureAwait(false);
            return answer is StepAnswer.Completed completed ? completed with { IsComputed = constant is not null } : answer;
        }
        if (constant is not null)
            return new StepAnswer.Completed(constant) { IsComputed = true };
        if (StartedInstance.IdOf(step) is { } started)
            return new StepAnswer.Completed(RowEncoder.Encode(new[] { started }, null, step.Sql));
        if (Books(step).Select(book => book.WritesAffect).FirstOrDefault(given => given is not null) is { } affected
            && SqlShape.Of(step.Sql) is { ReturnsRows: false } shape && (shape.IsWrite || shape.IsCommand))
            return new StepAnswer.Completed(RowEncoder.Encode(new RowsAffected(shape.IsWrite ? affected : 0), null, step.Sql));
        throw Suggestion.Unanswered(step);
    }

    public async ValueTask<StepAnswer> HttpAsync(TestStep step, HttpCall call, int sending, string idempotencyKey)
    {
        if (Failure(step) is { } failure)
            return new StepAnswer.Failed(failure.ToError(null));
        try
        {
            if (call.Endpoint is { } server && HttpOptionsReader.EndpointProblem(server, call.Url) is { } problem)
                throw HttpErrors.Refused(problem, null);
            // Only the database knows the server's address and secrets.
            var target = HttpTarget.Parse(call.Endpoint is null ? call.Url : "https://endpoint.invalid" + call.Url);
            var form = call.Kind == HttpCallKind.Multipart
                ? MultipartForm.Create(call.Parts, HttpPolicy.DefaultMaxRequestBytes, idempotencyKey)
                : null;
            var fields = call.Options.FormFields is { } given
                ? string.Join('&', given.Select(field => $"{WebUtility.UrlEncode(field.Key)}={WebUtility.UrlEncode(field.Value)}"))
                : null;
            if ((form?.Body.LongLength ?? Encoding.UTF8.GetByteCount(call.Body ?? fields ?? "")) > call.Options.MaxRequestBytes)
                throw HttpErrors.OverOwnLimit("request", "max_request_bytes", call.Options.MaxRequestBytes.Value);
            var request = new TestHttpRequest
            {
                Step = step,
                Method = call.Method,
                Url = call.Url,
                Endpoint = call.Endpoint,
                Secrets = [.. call.Options.Secrets.Select(secret => secret.Name)],
                Body = call.Body ?? fields,
                Sending = sending,
                IdempotencyKey = idempotencyKey,
                Headers = RequestHeaders.Create(call, target, form?.ContentType, idempotencyKey, [])
                    .ToDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase),
            };
            var reply = Books(step).Select(book => book.Reply(request)).FirstOrDefault(given => given is not null)
                ?? throw Suggestion.Unanswered(step);
            if (reply.IsTimeout)
                throw HttpErrors.TimedOut(target.Display, call.TimeoutSeconds);
            if (reply.Failure is { } reason)
                throw HttpErrors.Transport(target.Display, new HttpRequestException(HttpRequestError.ConnectionError, reason));
            using var message = reply.ToMessage();
            var limit = Math.Min(call.Options.MaxResponseBytes ?? long.MaxValue, HttpPolicy.DefaultMaxResponseBytes);
            var exchange = await HttpExchange.ReadAsync(message, limit, CancellationToken.None).ConfigureAwait(false);
            if (HttpExecutor.Fails(message.StatusCode, call))
            {
                throw HttpErrors.Status(
                    NodeKinds.Name(step.Kind), call.Method, target.Display, reply.StatusCode, HttpExecutor.Preview(exchange, call),
                    message.Headers.RetryAfter?.Delta);
            }

            if (exchange.IsTruncated)
                throw call.Options.MaxResponseBytes is { } most ? HttpErrors.OverOwnLimit("response", "max_response_bytes", most)
                    : HttpErrors.ResponseTooLarge(target.Display, HttpPolicy.DefaultMaxResponseBytes);
            return new StepAnswer.Completed(ResponseEnvelope.Write(exchange, call.Options, "test", TimeSpan.Zero, MaxResultBytes).Result);
        }
        catch (HttpStepException e)
        {
            return new StepAnswer.Failed(e.Error);
        }
    }

    public StepAnswer Call(TestStep step, Command.StartChild child)
    {
        if (Failure(step) is { } failure)
            return new StepAnswer.Failed(failure.ToError(null));
        foreach (var (workflow, answer) in _children)
            if (workflow == child.Workflow)
                return answer(step);
        throw Suggestion.Unanswered(step, child);
    }

    public ValueTask EndAsync(bool committed) => Database is null ? ValueTask.CompletedTask : Database.EndAsync(committed);

    private IEnumerable<AnswerBook> Books(TestStep step) =>
        _books.Where(entry => entry.Workflow == step.Workflow).Select(entry => entry.Book).Append(this);

    /// <summary>Returns the answer by name or by function, or null if there is none.</summary>
    private StepAnswer? Known(TestStep step)
    {
        foreach (var sequence in _named)
            if (StepNames.Match(sequence.Step, step.Definition) && sequence.Next()(step) is { } answer)
                return answer;
        foreach (var function in _functions)
            if (function(step) is { } answer)
                return answer;
        return null;
    }

    private StepFailure? Failure(TestStep step)
    {
        foreach (var failures in Books(step).SelectMany(book => book._failures))
            if (StepNames.Match(failures.Step, step.Definition) && failures.Left > 0)
            {
                failures.Left--;
                return failures.Failure;
            }
        return null;
    }

    private HttpReply? Reply(TestHttpRequest request)
    {
        foreach (var (step, reply) in _http.OrderBy(entry => entry.Step is null))
            if ((step is null || StepNames.Match(step, request.Step.Definition)) && reply(request) is { } given)
                return given;
        return null;
    }

    private static StepAnswer? Encode(object? answer, Type? declared, TestStep step)
    {
        try
        {
            return answer switch
            {
                null => null,
                StepFailure failure => new StepAnswer.Failed(failure.ToError(step.Sql)),
                PostgresException e => new StepAnswer.Failed(new StepError(e.MessageText, e.SqlState, e.Detail, e.Hint, step.Sql)),
                _ => new StepAnswer.Completed(RowEncoder.Encode(answer, declared, step.Sql)),
            };
        }
        catch (ArgumentException e)
        {
            throw new WorkflowTestException($"The answer for step '{step.Name}' can't be converted to rows: {e.Message}", e);
        }
    }

    // The step may stand at several places.
    private sealed class Sequence(string step)
    {
        private int _runs;

        public string Step => step;

        public List<Func<TestStep, StepAnswer?>> Answers { get; } = [];

        public Func<TestStep, StepAnswer?> Next() => Answers[Math.Min(_runs++, Answers.Count - 1)];
    }

    private sealed class Failures(string step, StepFailure failure, int attempts)
    {
        public string Step => step;

        public StepFailure Failure => failure;

        public int Left { get; set; } = attempts;
    }
}
