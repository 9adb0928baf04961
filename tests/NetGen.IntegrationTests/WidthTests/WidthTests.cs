using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NetGen.IntegrationTests;

/// <summary>The tests of every width, run again in child processes, and what must be the same in all of them.</summary>
public class WidthTests
{
    /// <summary>Fewer would mean that the filter found nothing.</summary>
    private const int FewestTests = 100;

    [Theory]
    [InlineData(ChildRun.Kind.Bits256)]
    [InlineData(ChildRun.Kind.Bits128)]
    [InlineData(ChildRun.Kind.NoFma)]
    internal void TestsOfEveryWidth_InChild_Pass(ChildRun.Kind kind)
    {
        SkipUnlessParentOf(kind);
        var run = ChildRun.Of(kind);
        Assert.True(run.ExitCode == 0, $"The child ended with {run.ExitCode}:\n{run.Output}");
        Assert.True(run.Total - run.Skipped >= FewestTests, $"The child ran {run.Total - run.Skipped} tests:\n{run.Output}");
    }

    [Fact]
    public void TestsThatCouldEndTheProcess_InChild_Pass()
    {
        Assert.SkipUnless(ChildRun.Current is null, "A child starts no children.");
        var run = ChildRun.Of(ChildRun.Kind.Native);
        Assert.True(run.ExitCode == 0, $"The child ended with {run.ExitCode}:\n{run.Output}");
        Assert.True(run.Total > 0, $"The child ran no tests:\n{run.Output}");
    }

    [Theory]
    [InlineData(ChildRun.Kind.Bits256)]
    [InlineData(ChildRun.Kind.Bits128)]
    internal void Weights_AfterTraining_AreTheSameBitsAtEveryWidth(ChildRun.Kind kind)
    {
        SkipUnlessParentOf(kind);
        Assert.SkipUnless(Fma.IsSupported, "The same bits are promised where the processor multiplies and adds in one.");
        Assert.Equal(Fingerprints.All(), ChildRun.Of(kind).Fingerprints);
    }

    [Fact]
    [Trait(Widths.Trait, Widths.Every)]
    public void Fingerprints_InChild_AreWritten()
    {
        Assert.SkipWhen(ChildRun.FingerprintFile is null, "This is no child process.");
        File.WriteAllLines(ChildRun.FingerprintFile, Fingerprints.All());
    }

    [Fact]
    [Trait(Widths.Trait, Widths.Every)]
    public void Width_InChild_IsWhatWasAsked()
    {
        Assert.SkipWhen(ChildRun.Current is null, "This is no child process.");
        var (wide512, wide256, fma) = ChildRun.Current switch
        {
            ChildRun.Kind.Native => throw new InvalidOperationException("This kind runs other tests."),
            ChildRun.Kind.Bits256 => (false, true, true),
            ChildRun.Kind.Bits128 => (false, false, true),
            _ => (false, false, false),
        };
        Assert.Equal(wide512, Vector512.IsHardwareAccelerated);
        Assert.Equal(wide256, Vector256.IsHardwareAccelerated);
        Assert.Equal(fma, Fma.IsSupported);
        Assert.True(Vector128.IsHardwareAccelerated);
    }

    private static void SkipUnlessParentOf(ChildRun.Kind kind)
    {
        Assert.SkipUnless(ChildRun.Current is null, "A child starts no children.");
        Assert.SkipUnless(Avx2.IsSupported, "This processor has no AVX2: there is nothing to switch off.");
        Assert.SkipUnless(
            Vector512.IsHardwareAccelerated || kind != ChildRun.Kind.Bits256, "This processor has no 512-bit vectors: 256 bits is what every test here runs.");
    }
}
