using PgDurable.QuickStart;
using PgDurable.TestKit;

// quickstart PAGE FOLDER [--root ROOT]: does what the page says, in the folder. With --root, the folder is in that root, and
// eng/debian-root.sh runs everything there, as root.
if (args is not [var path, var folder, .. var rest] || rest is not ([] or ["--root", _]))
{
    Console.Error.WriteLine("usage: quickstart PAGE FOLDER [--root ROOT]");
    return 2;
}
var root = rest is ["--root", var given] ? given : "";
string[] bash = ["bash"];
string[] settings = ["env", "DOTNET_NOLOGO=1", "DOTNET_CLI_TELEMETRY_OPTOUT=1", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"];
string[] command = root == "" ? bash : [Path.Combine(RepositoryRoot.Path, "eng", "debian-root.sh"), "run", root, .. settings, .. bash];

var started = DateTime.UtcNow;
using var run = new PageRun(() => new Terminal(command, folder), root, isAdministrator: root != "");
try
{
    await run.RunAsync(Page.Read(path));
    Console.WriteLine($"{path}: all as it says, in {(DateTime.UtcNow - started).TotalSeconds:0} s");
    return 0;
}
catch (PageException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
