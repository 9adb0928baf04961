using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;

namespace NetGen.Generators.Tests.Harness;

/// <summary>
/// Compares generated files with those kept beside the test, by the file convention of Verify.SourceGenerators, so that the
/// package can take its place: <c>TestClass.TestMethod#Hint.g.verified.cs</c>, its first line <c>//HintName: Hint.g.cs</c>, in
/// UTF-8 with a byte order mark; what differs is written beside it as <c>.received.cs</c>. With the environment variable
/// <c>NETGEN_ACCEPT_SNAPSHOTS=1</c> what is received is accepted; a CI server refuses to.
/// </summary>
internal static class Snapshot
{
    private static readonly UTF8Encoding Utf8WithMark = new(encoderShouldEmitUTF8Identifier: true);

    /// <summary>Whether what is received is accepted.</summary>
    public static bool Accepts
    {
        get
        {
            var accepts = Environment.GetEnvironmentVariable("NETGEN_ACCEPT_SNAPSHOTS") == "1";
            Assert.False(accepts && Environment.GetEnvironmentVariable("CI") == "true", "a CI server accepts no snapshots");
            return accepts;
        }
    }

    /// <param name="test">The test class, whose folder the files lie in: its namespace below that of the tests.</param>
    /// <param name="files">What was generated.</param>
    /// <param name="method">The test.</param>
    public static void Verify(object test, IEnumerable<GeneratedSourceResult> files, [CallerMemberName] string method = "")
    {
        var type = test.GetType();
        var root = typeof(Snapshot).Assembly.GetName().Name!;
        var below = type.Namespace!.Length > root.Length ? type.Namespace[(root.Length + 1)..].Replace('.', '/') : "";
        var folder = Repository.PathTo("tests", root, below);
        var prefix = $"{type.Name}.{method}#";
        var received = files.ToDictionary(
            file => prefix + Path.ChangeExtension(file.HintName, null),
            file => $"//HintName: {file.HintName}\n{file.SourceText}".TrimEnd('\n') + "\n");
        Assert.NotEmpty(received);

        foreach (var stale in Directory.EnumerateFiles(folder, prefix + "*.received.cs"))
        {
            File.Delete(stale);
        }

        var verified = Directory.EnumerateFiles(folder, prefix + "*.verified.cs")
            .ToDictionary(file => Path.GetFileName(file)[..^".verified.cs".Length], file => File.ReadAllText(file).ReplaceLineEndings("\n"));
        var different = received.Where(file => !verified.TryGetValue(file.Key, out var text) || text != file.Value).ToList();
        var gone = verified.Keys.Except(received.Keys).ToList();
        if (different.Count == 0 && gone.Count == 0)
        {
            return;
        }

        var accept = Accepts;
        foreach (var file in different)
        {
            File.WriteAllText(Path.Combine(folder, $"{file.Key}.{(accept ? "verified" : "received")}.cs"), file.Value, Utf8WithMark);
        }

        if (accept)
        {
            gone.ForEach(name => File.Delete(Path.Combine(folder, name + ".verified.cs")));
            return;
        }

        Assert.Fail(
            $"{string.Join("\n", different.Select(file => verified.TryGetValue(file.Key, out var text) ? FirstDifference(file.Key, text, file.Value) : $"{file.Key} is new"))}\n"
            + $"{string.Concat(gone.Select(name => $"{name} is not generated any more\n"))}"
            + "Compare the .received.cs files with the .verified.cs files; NETGEN_ACCEPT_SNAPSHOTS=1 accepts them.");
    }

    private static string FirstDifference(string name, string verified, string received)
    {
        var (old, now) = (verified.Split('\n'), received.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(old.Length, now.Length)).First(i => old.ElementAtOrDefault(i) != now.ElementAtOrDefault(i));
        return $"{name} differs in line {line + 1}:\n  verified: {old.ElementAtOrDefault(line)}\n  received: {now.ElementAtOrDefault(line)}";
    }
}
