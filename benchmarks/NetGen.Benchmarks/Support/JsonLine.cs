using System.Text.Json;
using System.Text.Json.Nodes;

namespace NetGen.Benchmarks.Support;

/// <summary>The output of the commands: one JSON object a line, whatever the culture.</summary>
internal static class JsonLine
{
    public static void Write(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var line = new JsonObject();
        foreach (var (name, value) in members)
        {
            line.Add(name, value);
        }

        Console.WriteLine(line.ToJsonString(JsonSerializerOptions.Default));
    }

    /// <summary>A time of one call in the format that the peers print too.</summary>
    public static void WriteTime(string peer, string workload, string mode, int batch, int threads, double microseconds) =>
        Write(
            ("peer", peer), ("workload", workload), ("mode", mode), ("batch", batch), ("threads", threads),
            ("us", Math.Round(microseconds, 4)));
}
