using System.Reflection;

namespace NetGen.Generators.Tests.Harness;

/// <summary>The repository's files.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    public static IEnumerable<string> SourceFiles(params string[] parts) => Directory
        .EnumerateFiles(PathTo(parts), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));
}
