using Embeddings;
using Npgsql;

switch (args)
{
    // Another company's server, which this sample brings along.
    case ["server", .. var rest]:
        await EmbeddingServer.Create(rest).RunAsync();
        return 0;

    case ["load", var connectionString, var server, var folder]:
        await using (var dataSource = NpgsqlDataSource.Create(connectionString))
        {
            var result = await Documents.LoadAsync(dataSource, server, folder);
            Console.WriteLine($"{result.Documents} documents, {result.Chunks} chunks");
            return 0;
        }

    case ["search", var connectionString, var server, var question]:
        await using (var dataSource = NpgsqlDataSource.Create(connectionString))
        {
            await foreach (var (name, text, similarity) in Documents.SearchAsync(dataSource, server, question))
                Console.WriteLine($"{similarity:0.000}\t{name}\t{text.ReplaceLineEndings(" ")[..Math.Min(80, text.Length)]}");
            return 0;
        }

    default:
        Console.Error.WriteLine(
            """
            usage: Embeddings server [--urls http://127.0.0.1:5200] [--RequestsPerSecond 10] [--FailEvery 7]
                   Embeddings load CONNECTION_STRING SERVER FOLDER         embeds the *.md files of a folder
                   Embeddings search CONNECTION_STRING SERVER QUESTION     finds the most similar paragraphs
            """);
        return 2;
}
