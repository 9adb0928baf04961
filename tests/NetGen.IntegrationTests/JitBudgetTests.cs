using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>
/// The JIT gives up optimising a method beyond certain sizes, and a kernel is then many times slower, silently. Every method
/// of generated assemblies must stay below them.
/// </summary>
public class JitBudgetTests
{
    private const int MostIlBytes = 60_000;
    private const int MostInstructions = 20_000;
    private const int MostBlocks = 2_000;
    private const int MostLocals = 2_000;
    private const int MostLocalReferences = 8_000;

    /// <summary>What the JIT tracks; locals beyond live in memory.</summary>
    private const int MostTrackedLocals = 1_024;

    public static TheoryData<string, Loss, int, string> Nets
    {
        get
        {
            var deep = "10-" + string.Join('-', Enumerable.Repeat("20:ReLU-16:GELU", 10));
            (string Net, Loss Loss, int Batch)[] nets =
            [
                ("1-1", Loss.MeanSquaredError, 1),
                ("2-5:Sigmoid-2:Sigmoid", Loss.HalfSquaredError, 30),
                ("784-30:Sigmoid-10:Sigmoid", Loss.HalfSquaredError, 10),
                ("8-16:GELU-16:GELU-4:Softmax", Loss.CrossEntropy, 4),
                (deep, Loss.HalfSquaredError, 8),
                ("2000-1500:Tanh-3", Loss.HalfSquaredError, 128),
                ("30-16:SELU-1000", Loss.SoftmaxCrossEntropy, 33),
                ("30-1000:Softmax", Loss.HalfSquaredError, 7),
                ("8-16:Mish-16:Mish-4:Mish", Loss.MeanSquaredError, 4),
                ("2-3:Mish-2:Mish", Loss.MeanSquaredError, 30),
                ("784-500-BatchNorm-Dropout(0.3)-ReLU-50-BatchNorm-Dropout(0.3)-ReLU-10", Loss.SoftmaxCrossEntropy, 128),
                ("20-100-BatchNorm-GaussianNoise(0.1)-GELU-Dropout(0.3)-ELU-100-LayerNorm-GaussianNoise(0.1)-GELU-Dropout(0.3)-SiLU-10", Loss.SoftmaxCrossEntropy, 16),
            ];
            var rows = new TheoryData<string, Loss, int, string>();
            foreach (var (net, loss, batch) in nets)
            {
                foreach (var width in HarnessOptions.AllWidths.Split(';'))
                {
                    rows.Add(net, loss, batch, width);
                }
            }

            return rows;
        }
    }

    /// <summary>Inputs of the net (0 where the layer is the first), inputs and outputs of the layer, batch (0 for no training).</summary>
    public static TheoryData<string, string> Unrolled
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var sizes in (string[])["4 n 16 8", "4 n 1 8", "4 n 32 5", "4 16 n 8", "4 10 n 13", "4 31 n 1", "4 8 8 n", "4 27 5 n", "4 30 31 n", "0 n 16 8", "0 n 10 0", "0 n 200 0", "0 16 n 5", "0 45 17 n"])
            {
                foreach (var width in HarnessOptions.AllWidths.Split(';'))
                {
                    rows.Add(sizes, width);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Nets))]
    public void Methods_OfGeneratedAssembly_StayBelowTheJitsLimits(string net, Loss loss, int batch, string width) =>
        StaysBelowTheLimits(Harness.Compile(NetSpec.Of(net, loss, batch), new HarnessOptions(width)));

    [Theory]
    [InlineData(GraphTests.LeNet5)]
    [InlineData(GraphTests.Residual)]
    [InlineData(TransposedTests.Decoder)]
    [InlineData("16x7x7 ConvT(32,4,s2,p1):GELU Bias BatchNorm ConvT(17,5,s3,p1,o2):SiLU ConvT(16,3,p1):ReLU Bias MaxPool(2) ConvT(8,7x9,s1x2,same) GlobalAvgPool 10")]
    [InlineData("64x9x33 ConvT(24,11,s4,p3,o3):Tanh ConvT(5,3,s2x5,d3):ReLU GlobalAvgPool 10")]
    [InlineData("16x7x9 ConvT(24,16,s8,p4):ReLU Conv(16,16,s8,p4) Flatten 10")]
    [InlineData("16x12x12 Conv(64,5,same) BatchNorm GELU Conv(17,11,p5,nobias) BatchNorm ReLU Conv(34,3,g17,s2) Dropout(0.1) BatchNorm SiLU Flatten 50 BatchNorm Tanh 10 BatchNorm")]
    [InlineData("16x12x12 Conv(64,5,same):GELU BatchNorm Conv(64,3,g64,same):SiLU Conv(17,11,p5) MaxPool(3,s1,p1) AvgPool(5,s3,p2) Flatten 10")]
    public void Methods_OfNetOverImages_StayBelowTheJitsLimits(string net)
    {
        foreach (var width in HarnessOptions.AllWidths.Split(';'))
        {
            StaysBelowTheLimits(Harness.Compile(GraphText.Of(net, Loss.HalfSquaredError, 32), new HarnessOptions(width)));
            StaysBelowTheLimits(Harness.Compile(GraphText.Of(net, Loss.HalfSquaredError, 32, optimizer: new(Optimizer.Adam)), new HarnessOptions(width)));
        }
    }

    [Theory]
    [InlineData("2000-1500:Tanh-3", 128)]
    [InlineData("784-30:Sigmoid-10:Sigmoid", 10)]
    public void Methods_OfNetTrainedByAdam_StayBelowTheJitsLimits(string net, int batch)
    {
        foreach (var width in HarnessOptions.AllWidths.Split(';'))
        {
            StaysBelowTheLimits(Harness.Compile(OptimizerTests.Spec(net, "Adam", batch), new HarnessOptions(width)));
        }
    }

    /// <summary>
    /// The largest layer that may be written out without loops: what decides that is an estimate. The letter is the size that grows.
    /// </summary>
    [Theory]
    [MemberData(nameof(Unrolled))]
    public void Methods_OfLargestLayerThatMayBeUnrolled_StayBelowTheJitsLimits(string sizes, string width)
    {
        var options = new HarnessOptions(width);
        var (accepted, refused) = (0, 4096);
        while (refused - accepted > 1)
        {
            var middle = (accepted + refused) / 2;
            (accepted, refused) = Harness.IsAccepted(Source(middle), options) ? (middle, refused) : (accepted, middle);
        }

        Assert.InRange(accepted, 1, 4094);
        StaysBelowTheLimits(Harness.Compile(Source(accepted), options));

        string Source(int grown)
        {
            var numbers = sizes.Split(' ').Select(s => s == "n" ? grown : int.Parse(s, CultureInfo.InvariantCulture)).ToArray();
            var before = numbers[0] == 0 ? $"Input({numbers[1]})" : $"Input({numbers[0]}), Dense({numbers[1]})";
            var training = numbers[3] == 0 ? "" : $"[Train(Loss.HalfSquaredError, BatchSize = {numbers[3]})] ";
            return $"""
                using NetGen;
                /// <summary>A net of a test.</summary>
                [Network, {before}, Dense({numbers[2]}, Unroll = Unrolling.Full), Dense(3)]
                {training}public partial class Net;
                """;
        }
    }

    private static void StaysBelowTheLimits(GeneratedAssembly generated)
    {
        using var image = new PEReader(new MemoryStream(generated.Image));
        var metadata = image.GetMetadataReader();
        foreach (var method in metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(m => m.RelativeVirtualAddress != 0))
        {
            var body = image.GetMethodBody(method.RelativeVirtualAddress);
            var figures = IlFigures.Of(body.GetILBytes()!, Locals(metadata, body));
            var parameters = method.GetParameters().Count;
            var name = FullName(metadata, method);
            Below(name, "IL bytes", figures.Bytes, MostIlBytes);
            Below(name, "instructions", figures.Instructions, MostInstructions);
            Below(name, "basic blocks", figures.Blocks, MostBlocks);
            Below(name, "locals", figures.Locals + parameters, Math.Min(MostLocals, MostTrackedLocals));
            Below(name, "references to locals", figures.LocalReferences, MostLocalReferences);
        }
    }

    /// <summary>A kernel that starts unoptimised runs a whole training session so: loops leave no chance to replace it.</summary>
    [Theory]
    [InlineData("784-30:Sigmoid-10:Sigmoid")]
    [InlineData("2-5:Sigmoid-2:Sigmoid")]
    public void Methods_WithLoopsOrVectors_AreMarkedForFullOptimization(string net)
    {
        var generated = Harness.Compile(NetSpec.Of(net, Loss.HalfSquaredError, 10), HarnessOptions.Shipped);
        using var image = new PEReader(new MemoryStream(generated.Image));
        var metadata = image.GetMetadataReader();
        var kernels = 0;
        foreach (var method in metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(m => m.RelativeVirtualAddress != 0))
        {
            var body = image.GetMethodBody(method.RelativeVirtualAddress);
            var figures = IlFigures.Of(body.GetILBytes()!, Locals(metadata, body));
            var marked = (method.ImplAttributes & (MethodImplAttributes.AggressiveOptimization | MethodImplAttributes.AggressiveInlining)) != 0;
            kernels += (method.ImplAttributes & MethodImplAttributes.AggressiveOptimization) != 0 ? 1 : 0;
            var type = metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name);
            Assert.True(
                marked || !figures.LoopsBackward || !type.Contains("Kernel", StringComparison.Ordinal), $"{FullName(metadata, method)} loops and is not marked.");
        }

        Assert.True(kernels >= 3, $"Only {kernels} kernels are marked AggressiveOptimization.");
    }

    [Fact]
    public void IlFigures_OfKnownMethod_AreCounted()
    {
        var body = typeof(JitBudgetTests).GetMethod(nameof(Known), BindingFlags.NonPublic | BindingFlags.Static)!.GetMethodBody()!;
        var figures = IlFigures.Of(body.GetILAsByteArray()!, body.LocalVariables.Count);
        Assert.True(figures.LoopsBackward);
        Assert.InRange(figures.Instructions, 10, 30);
        Assert.InRange(figures.Blocks, 3, 6);
        Assert.InRange(figures.LocalReferences, 6, 16);
    }

    private static int Known(int n)
    {
        var sum = 0;
        for (var i = 0; i < n; i++)
        {
            sum += i;
        }

        return sum;
    }

    private static void Below(string method, string what, int count, int limit) =>
        Assert.True(count < limit, string.Create(CultureInfo.InvariantCulture, $"{method} has {count} {what}; the JIT's limit is {limit}."));

    private static int Locals(MetadataReader metadata, MethodBodyBlock body)
    {
        if (body.LocalSignature.IsNil)
        {
            return 0;
        }

        var signature = metadata.GetBlobReader(metadata.GetStandaloneSignature(body.LocalSignature).Signature);
        signature.ReadSignatureHeader();
        return signature.ReadCompressedInteger();
    }

    private static string FullName(MetadataReader metadata, MethodDefinition method) =>
        $"{metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name)}.{metadata.GetString(method.Name)}";
}
