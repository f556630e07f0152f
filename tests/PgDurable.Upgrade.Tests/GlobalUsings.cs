global using PgDurable.TestKit;
global using Xunit;
