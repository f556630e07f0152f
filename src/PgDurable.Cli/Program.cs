using PgDurable.Cli;

return await Tool.RunAsync(args);
