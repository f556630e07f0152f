global using PgDurable.TestKit;
global using PgDurable.Worker.Tests.Fixtures;
global using Xunit;

// The server, its sockets and /proc.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
