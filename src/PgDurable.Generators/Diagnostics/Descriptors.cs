using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Diagnostics;

/// <summary>
/// Every diagnostic. Ids are never reused: 0xxx for the class and its expressions, 1xxx for the shape of the graph, 2xxx for SQL and
/// types, 3xxx for versions.
/// </summary>
/// <remarks>A title names the problem. A message says what is wrong and then what to write instead.</remarks>
internal static partial class Descriptors
{
    private const string Category = "PgDurable";

    public static readonly DiagnosticDescriptor NotPartial = Error(
        "PGD0001", "Workflow or activity isn't partial",
        "The class '{0}' isn't partial. Add 'partial' so that its Definition can be generated into it.");

    public static readonly DiagnosticDescriptor ContainerNotPartial = Error(
        "PGD0002", "Type around a workflow or activity isn't partial",
        "'{0}' contains '{1}' but isn't partial. Add 'partial' to '{0}' too.");

    public static readonly DiagnosticDescriptor UnsupportedClass = Error(
        "PGD0003", "Workflow or activity is generic or file-local",
        "'{0}' can't be {1} because it, or a type around it, is {2}. Make it an ordinary class.");

    public static readonly DiagnosticDescriptor NoInterface = Error(
        "PGD0004", "Workflow or activity doesn't implement its interface",
        "'{0}' must implement {1}, and only once");

    public static readonly DiagnosticDescriptor NoDefine = Error(
        "PGD0005", "Workflow doesn't declare Define",
        "'{0}' doesn't declare Define, which the generator reads. Add 'public static {1} Define(Flow flow, {2} input)' with a body.");

    public static readonly DiagnosticDescriptor UnsupportedBody = Error(
        "PGD0006", "Define isn't a single expression",
        "This body is read at compile time and never runs, so it must be a single expression. " +
        "Write '=> flow.Execute(…)…', or only a return statement.");

    public static readonly DiagnosticDescriptor InvalidName = Error(
        "PGD0007", "Workflow or activity name is invalid",
        "'{0}' isn't a valid name of {1}. Start with a lowercase letter, and use only lowercase letters, digits and hyphens{2}, " +
        "as in 'order-approval'.");

    public static readonly DiagnosticDescriptor NotDeterministic = Error(
        "PGD0010", "Clock or random value is read at compile time",
        "'{0}' would be evaluated once, at compile time. Write {1} in SQL instead. A condition can be SQL too.");

    public static readonly DiagnosticDescriptor MethodCall = Error(
        "PGD0011", "Method that SQL doesn't have",
        "'{0}' can't run inside the database. {1}");

    public static readonly DiagnosticDescriptor Operator = Error(
        "PGD0012", "Operation that SQL doesn't have",
        "'{0}' can't be computed in the database. Write the operation in the step's SQL, with an interpolation for each operand.");

    public static readonly DiagnosticDescriptor Captured = Error(
        "PGD0013", "Interpolation captures a C# variable",
        "The database doesn't know '{0}'. Pass it in the input, select it in an earlier step, or make it a constant.");

    public static readonly DiagnosticDescriptor NoColumn = Error(
        "PGD0015", "Interpolation isn't a single value", "'{0}' can't be used as a value in SQL: {1}");

    public static readonly DiagnosticDescriptor Format = Error(
        "PGD0016", "Interpolation has a format",
        "'{0}' can't format an interpolation, which is a value and not text. Remove it, and format in the step's SQL, " +
        "for example with to_char.");

    public static readonly DiagnosticDescriptor Concatenation = Error(
        "PGD0017", "SQL text contains a runtime value",
        "'{0}' isn't known at compile time. Write the SQL as one interpolated string, with the value as an interpolation.");

    public static readonly DiagnosticDescriptor Adjacent = Error(
        "PGD0018", "Interpolation touches the text beside it",
        "The interpolation '{0}' runs into '{1}' beside it, which would change its meaning. Put a space or an operator between them.");

    public static readonly DiagnosticDescriptor UnsupportedExpression = Error(
        "PGD0019", "Unsupported expression in an interpolation",
        "'{0}' can't be used here. Use a property of the input or of an earlier row, the rows of an earlier step, or a constant.");

    public static readonly DiagnosticDescriptor Constant = Error(
        "PGD0020", "Constant can't be written where it stands", "The constant '{0}' can't be written here: {1}");

    public static readonly DiagnosticDescriptor NoSetting = Error(
        "PGD0021", "Setting isn't known at compile time", "'{0}' isn't known at compile time: write {1}");

    public static readonly DiagnosticDescriptor Setting = Error(
        "PGD0022", "Setting is invalid", "'{0}' can't be used here: {1}");

    public static readonly DiagnosticDescriptor Fragment = Error(
        "PGD0023", "Fragment can't be inlined", "The fragment '{0}' can't be inlined: {1}");

    public static readonly DiagnosticDescriptor OuterError = Error(
        "PGD0024", "Handler uses the error of an outer handler",
        "An inner handler can't see '{0}', the error of an outer one. Keep it with a step before the inner Try, " +
        "such as QuerySingle($\"SELECT …\").");

    public static readonly DiagnosticDescriptor UnusableActivity = Error(
        "PGD0025", "Activity can't be used", "The activity '{0}' can't be used: {1}");

    public static readonly DiagnosticDescriptor NoAttribute = Error(
        "PGD0026", "Workflow has no attribute",
        "'{0}' implements {1}, but nothing is generated for it without its attribute. Add [Workflow(\"{2}\")].");

    public static readonly DiagnosticDescriptor OwnMember = Error(
        "PGD0027", "Workflow or activity declares a member that is generated",
        "'{0}' declares '{1}', which is also generated into it. Rename it.");

    public static readonly DiagnosticDescriptor ValueAsName = Error(
        "PGD0028", "Value stands where SQL wants a name",
        "'{0}' is a value, but SQL wants a name here. Write the name in the SQL, or make it a constant. If only the data knows the name, " +
        "put the interpolation in double quotes.");

    public static readonly DiagnosticDescriptor LostValue = Error(
        "PGD0029", "Assigned value would be lost",
        "What this step assigns to '{0}' would be lost, because {1}");

    public static readonly DiagnosticDescriptor UnsupportedPattern = Error(
        "PGD0030", "Unsupported pattern",
        "The pattern '{0}' can't be matched in the database. Compare the properties instead, as in " +
        "'order.Total > 3 && order.Note != null'.");

    public static readonly DiagnosticDescriptor InvalidTag = Error(
        "PGD0031", "Property can't be a tag", "The property '{0}' can't be a tag, because {1}");

    public static readonly DiagnosticDescriptor NoSteps = Error(
        "PGD1001", "Flow has no steps", "This flow has no steps. Add one, such as Execute(…).");

    public static readonly DiagnosticDescriptor NotAChain = Error(
        "PGD1002", "Define isn't a chain of steps",
        "'{0}' isn't a step. Write one chain of calls to the methods of Flow that begins at '{1}'.");

    public static readonly DiagnosticDescriptor DuplicateStep = Error(
        "PGD1003", "Two steps have the same name",
        "Two steps would have the name '{0}' in the database. Rename one of the variables.");

    public static readonly DiagnosticDescriptor InvalidStepName = Error(
        "PGD1004", "Variable can't name a step", "'{0}' can't be the name of a step: {1}");

    public static readonly DiagnosticDescriptor DuplicateName = new(
        "PGD1005", "Two workflows or activities have the same name",
        "The {0} name '{1}' is already taken by '{2}'. Choose another name{3}.",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLinks.Of("PGD1005"),
        customTags: [WellKnownDiagnosticTags.CompilationEnd]);

    public static readonly DiagnosticDescriptor TooManySteps = Error(
        "PGD1006", "Workflow has too many steps in a row",
        "The chain has {0} steps, but a graph can have at most {1} in a row. Move a part into a workflow of its own, " +
        "and call it with Run.");

    public static readonly DiagnosticDescriptor OtherFlow = Error(
        "PGD1007", "Branch begins with another branch's flow", "'{0}' is the flow of another branch. Begin this one with '{1}'.");

    public static readonly DiagnosticDescriptor Unreachable = Error(
        "PGD1008", "Step is never reached",
        "'{0}' is never reached, because the step before it fails, breaks out of its loop, or never ends. Move it before that step.");

    public static readonly DiagnosticDescriptor BusyLoop = Error(
        "PGD1009", "Loop never waits and never ends",
        "This loop never waits and never ends. Add Break, Sleep, WaitForSchedule or WaitForSignal to its body, or give it a minInterval.");

    public static readonly DiagnosticDescriptor BreakOutside = Error(
        "PGD1010", "Break is outside a loop", "Break ends a loop, but there is no loop around it. Move it into a Forever or While.");

    public static readonly DiagnosticDescriptor NothingToUndo = Error(
        "PGD1011", "Compensate has no step to undo",
        "Compensate undoes the step before it, but there is none. Put it after the step.");

    public static readonly DiagnosticDescriptor SignalTypes = Error(
        "PGD1012", "Signal has two payload types",
        "The signal '{0}' has the payload '{1}' in one place and '{2}' in another. Use the same type in both, or two signals.");

    public static readonly DiagnosticDescriptor Unreadable = Error(
        "PGD1016", "Published value can't be read", "The workflow publishes '{0}', {1}");

    public static readonly DiagnosticDescriptor TooDeep = Error(
        "PGD1013", "Workflow is too large",
        "The workflow's graph has {0}, but it can have at most {1}. Move a part into a workflow of its own, and call it with Run.");

    public static readonly DiagnosticDescriptor UnusedActivity = new(
        "PGD1014", "Activity is never used",
        "No workflow of this project runs the activity '{0}'. Run it with .Run({0}.Definition, …), or remove it.",
        Category, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: HelpLinks.Of("PGD1014"),
        customTags: [WellKnownDiagnosticTags.CompilationEnd]);

    public static readonly DiagnosticDescriptor EndlessWhile = new(
        "PGD1015", "Nothing changes the condition of a While",
        "Nothing in the body changes '{0}', so the loop never ends once it has begun. Assign one of its variables in the body with " +
        "'out', add Break, or write Forever.",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLinks.Of("PGD1015"));

    public static readonly DiagnosticDescriptor EmptySql = Error(
        "PGD2001", "Step has no SQL", "The step's SQL is empty. Write the statement, or remove the step.");

    public static readonly DiagnosticDescriptor UnsupportedType = Error(
        "PGD2002", "Type doesn't fit the database", "{0} can't be {1}: {2}");

    public static readonly DiagnosticDescriptor DuplicateColumn = Error(
        "PGD2003", "Two properties have the same column",
        "The properties '{0}' and '{1}' of '{2}' both have the name '{3}' in the database. Rename one with [Column].");

    public static readonly DiagnosticDescriptor Untouched = Error(
        "PGD2004", "Interpolation in a comment",
        "The interpolation '{0}' is inside a comment or a bit string, where nothing is filled in. Move it out.");

    public static readonly DiagnosticDescriptor InvalidStatement = Error(
        "PGD2005", "SQL isn't one complete statement", "This SQL can't be a step: {0}");

    public static readonly DiagnosticDescriptor MissingColumn = Error(
        "PGD2006", "Query doesn't return a column that is read", "'{0}' can't be read because the statement {1}: {2}");

    public static readonly DiagnosticDescriptor WrongColumnType = Error(
        "PGD2007", "Column's type doesn't fit its property",
        "The column '{0}' is {1}, which can't be read as '{2}' of type '{3}'. Cast it in the SQL, or change the property's type.");

    public static readonly DiagnosticDescriptor InvalidVersion = Error(
        "PGD3001", "Version is below 1", "{0} isn't a valid version. Versions start at 1.");

    public static readonly DiagnosticDescriptor ChangedGraph = Error(
        "PGD3002", "Released version has changed",
        "The workflow '{0}' no longer matches version {1} in workflows.lock.json: raise Version to {2} or, if version {1} was never " +
        "deployed, replace its entry with {3}");

    public static readonly DiagnosticDescriptor MalformedLock = Error(
        "PGD3003", "Lock file can't be read", "workflows.lock.json can't be read, so no workflow is checked against it: {0}");

    public static readonly DiagnosticDescriptor NotLocked = new(
        "PGD3004", "Version or activity isn't locked",
        "{0} isn't in workflows.lock.json, so a later change to it would go unnoticed: {1}",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLinks.Of("PGD3004"));

    public static readonly DiagnosticDescriptor ChangedActivity = Error(
        "PGD3005", "Released activity has changed",
        "The activity '{0}' no longer fits workflows.lock.json, because {1}. Steps that are waiting would fail: give the changed " +
        "activity a new name, or change it only by adding nullable members. If it was never deployed, replace its entry with {2}");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLinks.Of(id));
}
