using System.Diagnostics.CodeAnalysis;

[assembly: SuppressMessage(
    "ApiDesign", "RS0016", Scope = "namespaceanddescendants", Target = "~N:PgDurable.Dashboard.Pages",
    Justification = "Razor makes every component public. All that is in them is internal.")]
[assembly: SuppressMessage(
    "ApiDesign", "RS0041", Scope = "namespaceanddescendants", Target = "~N:PgDurable.Dashboard.Pages",
    Justification = "Razor writes their only method without nullability.")]
