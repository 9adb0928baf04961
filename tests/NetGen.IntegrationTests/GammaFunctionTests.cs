using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using NetGen.IntegrationTests.Reference;
using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>
/// ln Γ(r + t) − ln Γ(r) − t·ln r as generated code computes it, its slope, and the likelihood of counts made of them, against sums in double
/// precision: the bounds that docs/elementwise.md states.
/// </summary>
[Trait(Widths.Trait, Widths.Every)]
public class GammaFunctionTests
{
    /// <summary>Of Λ and its slope from r = 4 on, where the series is used as it is.</summary>
    private const double LargeBound = 2e-6;

    /// <summary>Of both below, where r is raised.</summary>
    private const double SmallBound = 6e-7;

    /// <summary>Of the loss, beside the sum of its terms' sizes.</summary>
    private const double LossBound = 6e-7;

    private delegate T Function<T>(T r, T t, out T slope);

    /// <summary>r from 1e-13 to 1e13, finely where the formula changes, and counts up to 100,000.</summary>
    public static TheoryData<int> Counts { get; } = [0, 1, 2, 3, 4, 5, 7, 10, 16, 33, 100, 333, 1000, 10_000, 100_000];

    [Theory]
    [MemberData(nameof(Counts))]
    public void LogGammaRise_OfAnySize_IsWithinItsBound(int t)
    {
        var sizes = Sizes(t);
        var (rises, slopes) = Apply(sizes, t);
        for (var i = 0; i < sizes.Length; i++)
        {
            double r = sizes[i];
            var (rise, slope) = (ReferencePairs.LogGammaRise(r, t), ReferencePairs.LogGammaRiseSlope(r, t));
            Within(rise, rises[i], r < 4 ? SmallBound * (1 + Math.Abs(rise) + t * Math.Log(1 + 4 / r)) : LargeBound * (Math.Abs(rise) + t / r), $"rise of r = {r:R}, t = {t}");
            Within(slope, slopes[i], r < 4 ? SmallBound * t : LargeBound * (Math.Abs(slope) + t / r), $"slope of r = {r:R}, t = {t}");
        }
    }

    /// <summary>Where the sums are not whole numbers' there is Γ's recurrence: ln Γ(r + 1 + t) − ln Γ(r + 1) against the same of r.</summary>
    [Theory]
    [InlineData(0.25f)]
    [InlineData(0.5f)]
    [InlineData(3.75f)]
    [InlineData(41.5f)]
    public void LogGammaRise_OfNumbersBetweenCounts_KeepsGammasRecurrence(float t)
    {
        var sizes = Enumerable.Range(0, 64).Select(i => 0.125f * (1 + i)).ToArray();
        var (rises, slopes) = Apply(sizes, t);
        var (next, nextSlopes) = Apply([.. sizes.Select(r => r + 1)], t);
        for (var i = 0; i < sizes.Length; i++)
        {
            // ln Γ(r + 1 + t) − ln Γ(r + 1) = ln Γ(r + t) − ln Γ(r) + ln((r + t) / r), and ψ likewise
            double r = sizes[i];
            Within(rises[i] + t * Math.Log(r) + Math.Log((r + t) / r), next[i] + t * Math.Log(r + 1), 4e-6 * (1 + t), $"rise of r = {r:R}, t = {t}");
            Within((slopes[i] + t) / r + 1 / (r + t) - 1 / r, (nextSlopes[i] + t) / (r + 1), 4e-6 * (1 + t) / r, $"slope of r = {r:R}, t = {t}");
        }
    }

    /// <summary>The whole loss of one pair and its gradient: the error is small beside the sum's largest terms.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(250)]
    [InlineData(5000)]
    public void NegativeBinomial_OfAnyMeanAndSize_IsWithinItsBound(int t)
    {
        var network = Harness.Trainable(NetSpec.Of("2-2!", Loss.NegativeBinomial, batch: 1));
        network.Parameters[0].CopyFrom([1, 0, 0, 1]);
        var gradients = network.CreateGradients();
        for (var logSize = -20f; logSize <= 30; logSize += 0.625f)
        {
            for (var logMean = -10f; logMean <= 12; logMean += 0.6875f)
            {
                var where = $"ln μ = {logMean}, ln r = {logSize}, t = {t}";
                var loss = network.ComputeGradients([logMean, logSize], [(float)t], gradients);
                var (mean, r) = (Math.Exp(logMean), Math.Exp(logSize));
                var (log, share) = (ReferenceFunctions.LogP1(mean / r), mean / (r + mean));
                var rise = ReferencePairs.LogGammaRise(r, t);
                Within(
                    ReferencePairs.NegativeBinomial(logMean, logSize, t),
                    loss,
                    LossBound * (1 + (r + t) * log + t * Math.Abs(logMean) + rise + (r < 4 ? t * Math.Log(1 + 4 / r) : 0)),
                    "loss of " + where);
                var (byMean, bySize) = ReferencePairs.NegativeBinomialSlopes(logMean, logSize, t);
                Within(byMean, gradients.Inputs[0], LossBound * (r * share + t * (1 - share)), "slope by the mean of " + where);
                var gap = Math.Max(0, bySize + t * share + ReferencePairs.LogGammaRiseSlope(r, t));
                Within(bySize, gradients.Inputs[1], 2 * LossBound * (gap + t * share + (r < 4 ? t : t / r - ReferencePairs.LogGammaRiseSlope(r, t))), "slope by the size of " + where);
            }
        }
    }

    /// <summary>Beyond what e^s can hold a loss is not finite, and the step is not taken; a variance however large is no trouble.</summary>
    [Theory]
    [InlineData(Loss.GaussianNLL, -100f, false)]
    [InlineData(Loss.GaussianNLL, 100f, true)]
    [InlineData(Loss.NegativeBinomial, 100f, false)]
    [InlineData(Loss.NegativeBinomial, -100f, false)]
    [InlineData(Loss.NegativeBinomial, 60f, true)]
    public void Step_WithExtremeSpread_IsTakenOnlyWhereTheLossIsFinite(Loss loss, float spread, bool isFinite)
    {
        var network = Harness.Trainable(NetSpec.Of("2-2!", loss, batch: 2, rate: 0.001));
        network.Parameters[0].CopyFrom([1, 0, 0, 1]);
        var before = network.AllParameters();
        var value = network.TrainBatch([0.5f, spread, 0.25f, spread], [3, 0f]);
        Assert.Equal(isFinite, float.IsFinite(value));
        Assert.Equal(isFinite ? 1 : 0, network.StepCount);
        if (!isFinite)
        {
            Near.SameBits(before, network.AllParameters(), "parameters");
        }

        Assert.All(network.AllParameters(), p => Assert.True(float.IsFinite(p)));
    }

    /// <summary>What the documentation states is what is tested here.</summary>
    [Fact]
    public void Documentation_StatesTheseBounds()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "elementwise.md"));
        Assert.Contains($"{Text(LargeBound)}·(|Λ| + t/r)", text, StringComparison.Ordinal);
        Assert.Contains($"{Text(LargeBound)}·(|s| + t/r)", text, StringComparison.Ordinal);
        Assert.Contains($"{Text(SmallBound)}·(1 + |Λ| + t·ln(1 + 4/r)) and {Text(SmallBound)}·t", text, StringComparison.Ordinal);
        Assert.Contains($"is wrong by at most {Text(LossBound)} of the sum", text, StringComparison.Ordinal);

        static string Text(double bound) => bound.ToString("0.#e-0", CultureInfo.InvariantCulture);
    }

    private static float[] Sizes(int t)
    {
        var sizes = new List<float>();
        for (var a = -30.0; a < 30; a += t > 1000 ? 1.7 : 0.0371)
        {
            sizes.Add((float)Math.Exp(a));
        }

        // Where r + 4 takes over, and where the series of ln(1 + w) ends: w = 0.41.
        foreach (var place in (float[])[4, t / 0.41f, t / 0.41f - 4])
        {
            for (var (up, down, i) = (place, place, 0); i < 4 && place > 0; (up, down, i) = (MathF.BitIncrement(up), MathF.BitDecrement(down), i + 1))
            {
                sizes.AddRange([up, down]);
            }
        }

        while (sizes.Count % 16 != 0)
        {
            sizes.Add(1);
        }

        return [.. sizes];
    }

    private static (float[] Rises, float[] Slopes) Apply(float[] r, float t) => HarnessOptions.NativeWidth switch
    {
        512 => Apply<Vector512<float>>(r, t),
        256 => Apply<Vector256<float>>(r, t),
        _ => Apply<Vector128<float>>(r, t),
    };

    private static (float[] Rises, float[] Slopes) Apply<T>(float[] r, float t)
        where T : struct
    {
        var kernels = Harness.Compile(NetSpec.Of("2-2", Loss.NegativeBinomial)).Type("Net").Assembly.GetTypes();
        var function = kernels
            .Select(type => type.GetMethod("LogGammaRise", BindingFlags.Static | BindingFlags.NonPublic))
            .First(m => m is not null && m.ReturnType == typeof(T))!
            .CreateDelegate<Function<T>>();
        var (counts, rises, slopes) = (new float[r.Length], new float[r.Length], new float[r.Length]);
        Array.Fill(counts, t);
        var from = MemoryMarshal.Cast<float, T>(r.AsSpan());
        var by = MemoryMarshal.Cast<float, T>(counts.AsSpan());
        var to = MemoryMarshal.Cast<float, T>(rises.AsSpan());
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = function(from[i], by[i], out MemoryMarshal.Cast<float, T>(slopes.AsSpan())[i]);
        }

        return (rises, slopes);
    }

    private static void Within(double expected, double actual, double bound, string what) => Assert.True(
        Math.Abs(actual - expected) <= bound,
        string.Create(CultureInfo.InvariantCulture, $"{what}: {actual:R} for {expected:R}, error {Math.Abs(actual - expected):G3} beyond {bound:G3}."));
}
