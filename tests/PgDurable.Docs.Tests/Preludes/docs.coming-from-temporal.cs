public sealed record Input(long OrderId);

public sealed record Approval(bool Approved, string By);

public sealed record Closed(string Note);
