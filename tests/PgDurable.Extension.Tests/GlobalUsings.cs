global using Xunit;

// The tests need the server, its sockets and /proc.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
