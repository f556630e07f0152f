#:package Testcontainers.PostgreSql@4.16.0
#:property PublishAot=false

// Runs the application for development. PostgreSQL is the first of these that there is:
//   1. the one that the environment variable ConnectionStrings__Database names
//   2. a private server, started with the programs of an installed PostgreSQL (Linux, macOS); its data stays in .postgres
//   3. a container, where Docker runs; its data goes with it
// Arguments go to the application. Ctrl+C ends the application, and then the server.

using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DotNet.Testcontainers.Builders;
using Testcontainers.PostgreSql;

const string Variable = "ConnectionStrings__Database";
var project = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;
Console.CancelKeyPress += (_, e) => e.Cancel = true;

if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
    return await RunApplicationAsync(given);
if (FindPrograms() is { } programs)
    return await WithPrivateServerAsync(programs);
return await WithContainerAsync();

async Task<int> RunApplicationAsync(string connectionString)
{
    var start = new ProcessStartInfo("dotnet", ["run", "--project", Path.Combine(project, "My-App"), "--", .. args]);
    start.Environment[Variable] = connectionString;
    using var application = Process.Start(start)!;
    await application.WaitForExitAsync();
    return application.ExitCode;
}

static string? FindPrograms()
{
    if (OperatingSystem.IsWindows())
        return null;
    var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
    // Debian and Ubuntu; Homebrew. Others have the programs on the PATH.
    string[] roots = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];
    var installed =
        from root in roots
        where Directory.Exists(root)
        from folder in Directory.GetDirectories(root)
        let name = Path.GetFileName(folder).Replace("postgresql@", "", StringComparison.Ordinal)
        let major = int.TryParse(name, CultureInfo.InvariantCulture, out var number) ? number : 0
        where major >= 15
        orderby major descending
        select Path.Combine(folder, "bin");
    return onPath.Concat(installed).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
}

async Task<int> WithPrivateServerAsync(string programs)
{
    // PostgreSQL doesn't run as root. The account `postgres`, which comes with it, may not reach this folder.
    var isRoot = Environment.UserName == "root";
    var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(project)))[..8];
    var data = isRoot ? $"/var/tmp/My-App-{key}" : Path.Combine(project, ".postgres");
    var isNew = !File.Exists(Path.Combine(data, "PG_VERSION"));
    if (isNew)
    {
        Console.WriteLine($"Creating a private PostgreSQL in {data}");
        Run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale");
        // Whoever reaches the socket can connect. It is in the folder, which initdb has closed for all other accounts.
        var settings = $"\nlisten_addresses = ''\nunix_socket_directories = '{data.Replace("'", "''")}'\n";
        await File.AppendAllTextAsync(Path.Combine(data, "postgresql.conf"), settings);
    }
    // After a run that was killed, the server is still there.
    if (TryRun("pg_ctl", "status", "-D", data) != 0)
        Run("pg_ctl", "start", "-w", "-D", data, "-l", Path.Combine(data, "server.log"));
    try
    {
        if (isNew)
            Run("psql", "-q", "-h", data, "-U", "postgres", "-c", "CREATE ROLE app LOGIN", "-c", "CREATE DATABASE app OWNER app");
        var connection = new DbConnectionStringBuilder { ["Host"] = data, ["Username"] = "app", ["Database"] = "app" };
        return await RunApplicationAsync(connection.ConnectionString);
    }
    finally
    {
        Run("pg_ctl", "stop", "-w", "-m", "fast", "-D", data);
    }

    int TryRun(string program, params string[] arguments)
    {
        string[] command = [Path.Combine(programs, program), .. arguments];
        if (isRoot)
            command = ["runuser", "-u", "postgres", "--", .. command];
        var start = new ProcessStartInfo("sh", ["-c", "\"$@\" >/dev/null", "sh", .. command]) { WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }

    void Run(string program, params string[] arguments)
    {
        if (TryRun(program, arguments) != 0)
            throw new InvalidOperationException($"{program} failed. The server's log, if it has one, is {data}/server.log");
    }
}

async Task<int> WithContainerAsync()
{
    try
    {
        await using var container = new PostgreSqlBuilder("postgres:17").Build();
        await container.StartAsync();
        // The container's own role is a superuser, and workflows run as ordinary roles.
        await container.ExecScriptAsync("CREATE ROLE app LOGIN PASSWORD 'app'");
        await container.ExecScriptAsync("CREATE DATABASE app OWNER app");
        var connection = new DbConnectionStringBuilder { ConnectionString = container.GetConnectionString() };
        connection["Username"] = connection["Password"] = connection["Database"] = "app";
        return await RunApplicationAsync(connection.ConnectionString);
    }
    catch (DockerUnavailableException)
    {
        await Console.Error.WriteLineAsync(
            $"""
            There is no PostgreSQL to use. Do one of these:
              - set {Variable}, such as Host=localhost;Database=app;Username=app;Password=...
              - install PostgreSQL 15 or newer (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql@17)
              - start Docker
            """);
        return 1;
    }
}
