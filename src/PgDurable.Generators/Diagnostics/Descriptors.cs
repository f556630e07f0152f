using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Diagnostics;

/// <summary>Every diagnostic. Ids are never used again: 0xxx lowering, 1xxx graph shape, 2xxx SQL and typing, 3xxx versions.</summary>
internal static class Descriptors
{
    public static readonly DiagnosticDescriptor NotPartial = Error(
        "PGD0001", "A workflow is partial",
        "'{0}' is a workflow: add 'partial', so that Definition and StartAsync can be generated into it");

    public static readonly DiagnosticDescriptor ContainerNotPartial = Error(
        "PGD0002", "A type around a workflow is partial", "'{0}' contains the workflow '{1}': add 'partial' to it too");

    public static readonly DiagnosticDescriptor UnsupportedClass = Error(
        "PGD0003", "A workflow is an ordinary class", "'{0}' can't be a workflow, because it or a type around it is {1}");

    public static readonly DiagnosticDescriptor NoInterface = Error(
        "PGD0004", "A workflow implements IWorkflow", "'{0}' has to implement one of IWorkflow<TIn> and IWorkflow<TIn, TOut>, once");

    public static readonly DiagnosticDescriptor NoDefine = Error(
        "PGD0005", "A workflow has its own Define",
        "'{0}' has to declare 'public static {1} Define(Flow flow, {2} input)' itself, with a body; the generator reads it from there");

    public static readonly DiagnosticDescriptor UnsupportedBody = Error(
        "PGD0006", "Define is one expression",
        "Define is read, not executed: it is one expression, 'Define(…) => flow.Execute(…)…', or one return statement of it");

    public static readonly DiagnosticDescriptor InvalidName = Error(
        "PGD0007", "A workflow's name is lower-case",
        "'{0}' is no name for a workflow: write a lower-case letter, then lower-case letters, digits and hyphens, as in 'order-approval'");

    public static readonly DiagnosticDescriptor NotDeterministic = Error(
        "PGD0010", "The clock and random values belong to the database",
        "'{0}' would be read once, while the project compiles: write {1} in the step's SQL");

    public static readonly DiagnosticDescriptor MethodCall = Error(
        "PGD0011", "A hole can't call a method",
        "'{0}' can't run inside the database: compute it before the start and pass it in the input, or write it in the step's SQL");

    public static readonly DiagnosticDescriptor Operator = Error(
        "PGD0012", "A hole can't compute",
        "'{0}' can't be computed in a hole: write the operation in the step's SQL, with a hole for each operand");

    public static readonly DiagnosticDescriptor Captured = Error(
        "PGD0013", "A hole can't capture variables",
        "'{0}' is not known to the database: pass it in the input, select it in an earlier step, or make it a const");

    public static readonly DiagnosticDescriptor NoColumn = Error(
        "PGD0015", "A hole names a column", "'{0}' is no value that SQL can take: {1}");

    public static readonly DiagnosticDescriptor Format = Error(
        "PGD0016", "A hole has no format",
        "A hole is a value, not text: leave out '{0}' and format in the step's SQL, for example with to_char");

    public static readonly DiagnosticDescriptor Concatenation = Error(
        "PGD0017", "SQL is not concatenated",
        "'{0}' is not known while the project compiles: write the SQL as one interpolated string and use a hole");

    public static readonly DiagnosticDescriptor Adjacent = Error(
        "PGD0018", "A hole stands alone",
        "The hole '{0}' runs into '{1}' beside it, which would change what is referred to: put a blank or an operator between them");

    public static readonly DiagnosticDescriptor UnsupportedExpression = Error(
        "PGD0019", "A hole refers to a value",
        "'{0}' can't be used in a hole: use a property of the input or of an earlier row, the rows of an earlier step, or a constant");

    public static readonly DiagnosticDescriptor Constant = Error(
        "PGD0020", "A constant fits its place", "The constant '{0}' can't be written here: {1}");

    public static readonly DiagnosticDescriptor NoSetting = Error(
        "PGD0021", "A setting is known while the project compiles", "'{0}' is not known while the project compiles: write {1}");

    public static readonly DiagnosticDescriptor Setting = Error(
        "PGD0022", "A setting is in its range", "'{0}' can't be used here: {1}");

    public static readonly DiagnosticDescriptor Fragment = Error(
        "PGD0023", "A fragment can be inlined", "The fragment '{0}' can't be inlined: {1}");

    public static readonly DiagnosticDescriptor OuterError = Error(
        "PGD0024", "A handler sees its own error",
        "'{0}' is the error of an outer handler, which an inner one can't see: keep it with a step before, such as QuerySingle($\"SELECT …\")");

    public static readonly DiagnosticDescriptor NoSteps = Error(
        "PGD1001", "A workflow has a step", "Define returns the flow without any step: add one, such as flow.Execute(…)");

    public static readonly DiagnosticDescriptor NotAChain = Error(
        "PGD1002", "Define is a chain of steps",
        "'{0}' is not a step: Define is one chain of calls to Flow's own methods that begins at '{1}'");

    public static readonly DiagnosticDescriptor DuplicateStep = Error(
        "PGD1003", "A step's name is its own", "Two steps have the name '{0}' in the database: rename one of the variables");

    public static readonly DiagnosticDescriptor InvalidStepName = Error(
        "PGD1004", "A step's name fits the database", "'{0}' can't name a step: {1}");

    public static readonly DiagnosticDescriptor DuplicateWorkflow = new(
        "PGD1005", "A workflow's name is its own",
        "The workflow name '{0}' is taken by '{1}': a changed workflow is a new version of the same class",
        "PgDurable", DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Link("PGD1005"),
        customTags: [WellKnownDiagnosticTags.CompilationEnd]);

    public static readonly DiagnosticDescriptor TooManySteps = Error(
        "PGD1006", "A workflow has a limited number of steps",
        "The chain has {0} steps, and a graph can have {1} in a row: move a part into a workflow of its own, and Run it");

    public static readonly DiagnosticDescriptor OtherFlow = Error(
        "PGD1007", "A branch begins with its own flow", "'{0}' is another branch's flow: begin this one with '{1}'");

    public static readonly DiagnosticDescriptor Unreachable = Error(
        "PGD1008", "Every step can be reached", "'{0}' is never reached: the step before it fails, breaks out of its loop, or never ends");

    public static readonly DiagnosticDescriptor BusyLoop = Error(
        "PGD1009", "A loop waits or ends",
        "This loop never waits and never ends: add Break, Sleep, WaitForSchedule or WaitForSignal to its body, or give it a minInterval");

    public static readonly DiagnosticDescriptor BreakOutside = Error(
        "PGD1010", "Break is inside a loop", "Break ends a loop, and there is none around it");

    public static readonly DiagnosticDescriptor NothingToUndo = Error(
        "PGD1011", "Compensate comes after a step", "Compensate takes back the step before it, and there is none: put it after the step");

    public static readonly DiagnosticDescriptor SignalTypes = Error(
        "PGD1012", "A signal has one type", "The signal '{0}' has the payload '{1}' in one place and '{2}' in another: use one, or another name");

    public static readonly DiagnosticDescriptor TooDeep = Error(
        "PGD1013", "A workflow has a limited size", "The workflow's graph has {0}, and it can have {1}: move a part into a workflow of its own, and Run it");

    public static readonly DiagnosticDescriptor EmptySql = Error(
        "PGD2001", "A step has SQL", "The step's SQL is empty: write the statement, or remove the step");

    public static readonly DiagnosticDescriptor UnsupportedType = Error(
        "PGD2002", "Types fit the database", "{0} can't be {1}: {2}");

    public static readonly DiagnosticDescriptor DuplicateColumn = Error(
        "PGD2003", "A column has one property",
        "The properties '{0}' and '{1}' of '{2}' are both '{3}' in the database: rename one with [Column]");

    public static readonly DiagnosticDescriptor Untouched = Error(
        "PGD2004", "A hole in a comment has no effect",
        "The hole '{0}' is inside a comment or a bit string, where nothing is filled in: move it out");

    public static readonly DiagnosticDescriptor InvalidStatement = Error(
        "PGD2005", "A step is one complete statement", "This SQL can't be a step: {0}");

    public static readonly DiagnosticDescriptor MissingColumn = Error(
        "PGD2006", "A query returns the columns that are read", "'{0}' can't be read, because the statement {1}: {2}");

    public static readonly DiagnosticDescriptor WrongColumnType = Error(
        "PGD2007", "A column fits its property",
        "The column '{0}' is {1}, from which '{2}' of type '{3}' can't be read: cast it in the SQL, or change the property's type");

    public static readonly DiagnosticDescriptor InvalidVersion = Error(
        "PGD3001", "Versions count from 1", "Version {0} is no version: versions count from 1");

    public static readonly DiagnosticDescriptor ChangedGraph = Error(
        "PGD3002", "A released version does not change",
        "The workflow '{0}' is not what workflows.lock.json has as its version {1}: raise Version to {2}, or, if version {1} was never " +
        "deployed, lock this one with {3}");

    public static readonly DiagnosticDescriptor MalformedLock = Error(
        "PGD3003", "The lock file can be read", "workflows.lock.json can't be read, so no workflow is checked against it: {0}");

    public static readonly DiagnosticDescriptor NotLocked = new(
        "PGD3004", "A version is locked before it is deployed",
        "Version {0} of the workflow '{1}' is not in workflows.lock.json, so that a later change of it would not be noticed: add {2}",
        "PgDurable", DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Link("PGD3004"));

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, "PgDurable", DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Link(id));

    private static string Link(string id) => $"docs/diagnostics/{id}.md";
}
