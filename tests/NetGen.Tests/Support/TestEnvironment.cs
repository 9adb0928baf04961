using System.Globalization;
using System.Reflection;
using NetGen.CompilerServices;

namespace NetGen.Tests.Support;

/// <summary>What tests need of the world around them.</summary>
internal static class TestEnvironment
{
    /// <summary>A folder beside the repository with data that is not part of it; null where there is none.</summary>
    public static string? SharedFolder(string name)
    {
        var root = typeof(TestEnvironment).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;
        var folder = Path.Combine(root, "..", "shared", name);
        return Directory.Exists(folder) ? folder : null;
    }

    /// <summary>A culture in which every number looks different.</summary>
    public static CultureInfo HostileCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = "§";
        culture.NumberFormat.NumberGroupSeparator = "~";
        culture.NumberFormat.NegativeSign = "minus ";
        culture.NumberFormat.NaNSymbol = "nope";
        culture.NumberFormat.PositiveInfinitySymbol = "lots";
        culture.NumberFormat.PercentSymbol = "pc";
        return culture;
    }

    /// <summary>Runs an action in a culture and returns its result.</summary>
    public static T In<T>(CultureInfo culture, Func<T> action)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            return action();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>Two clouds of points, easy to tell apart: 2 inputs, labels 0 and 1.</summary>
    public static Dataset Clouds(int count, int seed = 3)
    {
        var random = new Xoshiro256(seed);
        var inputs = new float[count * 2];
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = i % 2;
            inputs[2 * i] = (float)(random.NextNormal() * 0.3) + (labels[i] == 0 ? -1 : 1);
            inputs[2 * i + 1] = (float)random.NextNormal();
        }

        return new Dataset(inputs, 2, labels, 2);
    }
}

/// <summary>A folder of a test's own, removed with what is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("netgen-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Keeps what it is told, at once and in order.</summary>
internal sealed class Recorder<T> : IProgress<T>
{
    public List<T> Reports { get; } = [];

    public Action<T>? OnReport { get; set; }

    public void Report(T value)
    {
        Reports.Add(value);
        OnReport?.Invoke(value);
    }
}
