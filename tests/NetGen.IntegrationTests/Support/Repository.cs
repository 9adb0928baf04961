using System.Reflection;

namespace NetGen.IntegrationTests.Support;

/// <summary>Where the repository is, as the build noted it.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!;
}
