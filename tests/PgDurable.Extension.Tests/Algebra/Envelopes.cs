namespace PgDurable.Extension.Tests.Algebra;

/// <summary>Envelopes as people write them: nodes, some of which can't run.</summary>
internal static class Envelopes
{
    private const string A = """{"node_type":"SQL","query":"a"}""";

    // Names of node types, and settings, most of which don't fit the type.
    private static readonly string[] Types =
    [
        "SQL", "THEN", "IF", "JOIN", "LOOP", "BREAK", "RACE", "SLEEP", "WAIT_SCHEDULE", "HTTP", "HTTP_MULTIPART", "SIGNAL", "RETRY",
        "TIMEOUT", "TRY", "FAIL", "UNDO", "FOREACH", "CALL", "HTTP_JSON",
    ];

    private static readonly string[] Settings =
    [
        "", "nope", "7", "[]", "{}", "5", "31536000001", """{"condition_node":null}""", """{"extra_nodes":[]}""",
        """{"condition_type":"result_has_rows","result_name":"a"}""", """{"condition_type":"x"}""", """{"min_interval_ms":1e3}""",
        """{"min_interval_ms":1.0}""", """{"min_interval_ms":-1}""", """{"break_value":5}""", """{"break_value":null}""",
        """{"cron_expr":"@daily"}""", """{"cron_expr":"@daily","timezone":"Mars"}""", """{"cron_expr":"@daily","timezone":5}""",
        """{"cron_expr":5}""", """{"cron_expr":"61 * * * *","timezone":null}""", """{"signal_name":"s"}""",
        """{"signal_name":"s","timeout_seconds":0}""", """{"signal_name":"s","timeout_seconds":1.5}""",
        """{"signal_name":"s","timeout_seconds":"5"}""", """{"signal_name":"s","timeout_seconds":2e0}""", """{"url":"u","method":"GET"}""",
        """{"url":"u"}""", """{"url":"u","method":"get"}""", """{"url":5,"method":"GET"}""",
        """{"url":"u","method":"POST","body":{"a":1}}""", """{"url":"u","method":"POST","headers":{"a":5}}""",
        """{"url":"u","method":"PUT","headers":[]}""",
        """{"url":"u","method":"POST","timeout_seconds":null}""", """{"url":"u","method":"POST","parts":[]}""",
        """{"url":"u","method":"POST","parts":{}}""",
        """{"url":"u","method":"POST","parts":[5]}""", """{"url":"u","method":"POST","parts":[{"name":"n"}]}""",
        """{"url":"u","method":"POST","parts":[{"name":"n","data_b64":"","filename":5}]}""",
        """{"url":"u","method":"POST","parts":[{"name":"n","data_b64":"","filename":null,"content_type":"t"}]}""",
        """{"max_attempts":3,"delay_seconds":1,"backoff":2,"max_delay_seconds":60}""",
        """{"max_attempts":3,"delay_seconds":1,"backoff":2,"max_delay_seconds":60,"retry_on":[40]}""",
        """{"max_attempts":3,"delay_seconds":1,"backoff":2,"max_delay_seconds":60,"retry_on":["40","4000x"]}""",
        """{"max_attempts":3,"delay_seconds":1,"backoff":2,"max_delay_seconds":60,"retry_on":"40"}""",
        """{"max_attempts":3,"delay_seconds":1,"backoff":0.5,"max_delay_seconds":60}""",
        """{"max_attempts":3,"delay_seconds":1e9,"backoff":2,"max_delay_seconds":60}""",
        """{"max_attempts":"3"}""", """{"timeout_seconds":0.25}""", """{"timeout_seconds":25e-1}""", """{"timeout_seconds":0}""",
        """{"timeout_seconds":1e400}""", """{"timeout_seconds":"1"}""", """{"message":"m"}""", """{"message":"m","sqlstate":"x"}""",
        """{"message":"m","sqlstate":12345}""", """{"message":"m","sqlstate":null}""", """{"message":"m","sqlstate":"AB001\n"}""",
        """{"message":5}""", """{"rows":"a","item_name":"i"}""", """{"rows":"a"}""", """{"rows":true,"item_name":"i"}""",
        """{"rows":"input","item_name":"input"}""", """{"rows":"a\n","item_name":"i"}""",
        """{"rows":"input","item_name":"i","max_parallel":0}""", """{"rows":"input","item_name":"i","max_parallel":"1"}""",
        """{"workflow":""}""", """{"workflow":"w"}""", """{"workflow":"w","version":0}""",
        """{"workflow":"w","version":1.0}""", """{"workflow":"w","version":7,"input":[[1]]}""",
    ];

    private static readonly string[] Children =
    [
        "null", A, A, A, """{"node_type":"SLEEP","query":"5"}""", """{"node_type":"NOPE"}""", """{"foo":1}""",
        """{"node_type":"THEN","left_node":7}""", """{"node_type":"SQL","query":5}""",
        """{"node_type":"SQL","query":"a","result_name":5}""", """{"node_type":"SQL","query":"a","result_name":"a\n"}""",
        """{"node_type":"SQL","query":"a","result_name":"input"}""", """{"node_type":"SQL"}""",
        """{"node_type":"THEN","left_node":{"node_type":"SQL","query":"a","result_name":"a"},"right_node":"""
            + """{"node_type":"JOIN","extra_nodes":[5]}}""",
    ];

    /// <summary>
    /// A node of a random type with random children and settings. A composer accepts it; the walk through the graph finds the problem.
    /// </summary>
    public static string Random(RandomTexts texts)
    {
        var members = new List<string> { $"\"node_type\":\"{texts.Pick(Types)}\"" };
        if (texts.OneIn(2))
            members.Add($"\"left_node\":{texts.Pick(Children)}");
        if (texts.OneIn(2))
            members.Add($"\"right_node\":{texts.Pick(Children)}");
        if (texts.OneIn(4))
            members.Add($"\"condition_node\":{texts.Pick(Children)}");
        if (texts.OneIn(5))
            members.Add(
                $"\"extra_nodes\":{texts.Pick("null", "[]", $"[{texts.Pick(Children)},{A}]", $"[{A}]")}"
                    .Replace("[null,", "[", StringComparison.Ordinal));
        if (!texts.OneIn(3))
            members.Add($"\"query\":{System.Text.Json.JsonSerializer.Serialize(texts.Pick(Settings))}");
        if (texts.OneIn(3))
            members.Add($"\"result_name\":\"{texts.Pick("a", "b", "1x", "")}\"");
        if (texts.OneIn(5))
            members.Add("\"unknown\":[null]");
        return "{" + string.Join(texts.Pick(",", ", ", " ,\n"), members) + "}";
    }
}
