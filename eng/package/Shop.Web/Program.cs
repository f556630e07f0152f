using System.Text.RegularExpressions;
using Npgsql;

// A web application with the dashboard, which asks itself for it.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton(NpgsqlDataSource.Create(args[0]));
builder.Services.AddPgDurableDashboard();

await using var app = builder.Build();
app.MapPgDurable("/closed");
app.MapPgDurable("/open").AllowAnonymous();
await app.StartAsync();

using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
var closed = await http.GetAsync("/closed");
var style = await http.GetAsync("/open/assets/dashboard.css");
var page = await http.GetStringAsync("/open/instances?q=status:completed");
Console.WriteLine($"{(int)closed.StatusCode} {(int)style.StatusCode} {Regex.Count(page, "class=\"status completed\"")} completed");
