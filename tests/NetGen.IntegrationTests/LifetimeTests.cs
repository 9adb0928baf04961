extern alias compiler;

using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using compiler::NetGen.Compiler.Passes;
using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>Buffers that share memory do not get into each other's way, and what a network says of its memory is what it takes.</summary>
[Trait(Widths.Trait, Widths.Every)]
public partial class LifetimeTests
{
    /// <summary>Deep, with branches, frames, padding behind the last feature, and everything that works in place or lasts.</summary>
    public static TheoryData<string, string> Nets { get; } = new(
        from net in (string[])
        [
            "20-17:GELU-33:Tanh-9-LayerNorm-ReLU-40-BatchNorm-Dropout(0.3)-SELU-5",
            "12 a=19:Tanh b=7:SiLU@a Concat(a,b) c=21 Multiply(c,c) d=Softmax Add(c,d) 10:ReLU 6",
            "3x9x8 a=Conv(5,3,same):GELU MaxPool(2) Conv(7,3,p1):SiLU AvgPool(2,s1) Conv(6,2,s2) BatchNorm ReLU Flatten 13:Tanh 4",
            "3x8x7 Dropout(0.2) a=Conv(6,3,same) b=Conv(6,1)@a c=Add(a,b) Conv(4,3,s2,p1):ReLU d=GlobalAvgPool e=Flatten@c f=5:Tanh@e Concat(d,f) 3",
            "1x12x12 Conv(8,5,s2,p2):ReLU Conv(8,3,same):ReLU Conv(8,3,same):ReLU Conv(8,3,same):ReLU MaxPool(3,s2) Flatten 40:ReLU 20:ReLU 10",
            "image:2x5x5 size:3 Conv(4,3):Tanh@image Flatten Concat(layer2,size) 7:ReLU 5",
            GraphTests.Residual,
        ]
        from optimizer in (string[])["Sgd", "Adam", "Clipped"]
        select (net, optimizer));

    private static NetSpec Spec(string net, string optimizer, int batch = 10)
    {
        OptimizerSpec how = optimizer switch
        {
            "Sgd" => new(Optimizer.Sgd),
            "Adam" => new(Optimizer.Adam),
            _ => new(Optimizer.Adam) { ClipNorm = 0.3 },
        };
        var spec = net.Contains(' ', StringComparison.Ordinal) ? GraphText.Of(net, Loss.HalfSquaredError, batch) : NetSpec.Of(net, Loss.HalfSquaredError, batch);
        return spec with { Training = spec.Training! with { Optimizer = how } };
    }

    [Theory]
    [MemberData(nameof(Nets))]
    public void Buffers_OfNet_HoldWhatEveryOrderNeeds(string net, string optimizer) => HoldsWhatEveryOrderNeeds(CompiledProgram.Of(Spec(net, optimizer)));

    [Fact]
    public void Buffers_OfRandomGraphs_HoldWhatEveryOrderNeeds()
    {
        var split = 0;
        for (var seed = 1; seed <= 150; seed++)
        {
            var compiled = CompiledProgram.Of(RandomGraphs.Draw(seed));
            HoldsWhatEveryOrderNeeds(compiled);
            if (compiled.AsSplit() is { } shared)
            {
                HoldsWhatEveryOrderNeeds(shared);
                split++;
            }
        }

        Assert.InRange(split, 10, 150);
    }

    /// <summary>Steps and gradients follow one another as callers like.</summary>
    private static void HoldsWhatEveryOrderNeeds(CompiledProgram compiled)
    {
        var memory = new MemoryMachine(compiled);
        foreach (var objective in compiled.Program.Objectives)
        {
            for (var round = 0; round < 2; round++)
            {
                memory.Step(objective);
                memory.Gradients(objective);
                if (compiled.Split is not null)
                {
                    memory.SplitStep(objective);
                }
            }

            memory.Step(objective);
        }
    }

    /// <summary>
    /// A kernel may find anything where its result will stand: padding too. Memory that no step leaves to the next is filled with what is no number before
    /// every call; the results keep their bits.
    /// </summary>
    [Theory]
    [MemberData(nameof(Nets))]
    public void TrainBatch_InMemoryThatHoldsAnything_GivesTheSameBits(string net, string optimizer) => DependsOnNothingLeft(Spec(net, optimizer));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void TrainBatch_OfRandomGraphsInMemoryThatHoldsAnything_GivesTheSameBits(int part)
    {
        for (var seed = 10 * part; seed < 10 * part + 10; seed++)
        {
            DependsOnNothingLeft(RandomGraphs.Draw(seed));
        }
    }

    private static void DependsOnNothingLeft(NetSpec spec)
    {
        var compiled = CompiledProgram.Of(spec);
        var lasting = MemoryMachine.LastingNames(compiled.Program);
        var others = compiled.Layout.Training.Concat(compiled.Layout.Gradients).Select(placement => placement.Buffer.Name).Where(name => !lasting.Contains(name)).ToHashSet();
        var expected = Bits(Trained(compiled, spec, others, 0));
        foreach (var left in (float[])[float.NaN, 1e30f])
        {
            if (!expected.SequenceEqual(Bits(Trained(compiled, spec, others, left))))
            {
                var guilty = others.Where(name => !expected.SequenceEqual(Bits(Trained(compiled, spec, [name], left))));
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{left} in {string.Join(", ", guilty)} before a call spreads in\n{spec.ToSource()}"));
            }
        }
    }

    private static IEnumerable<int> Bits(IEnumerable<float> numbers) => numbers.Select(BitConverter.SingleToInt32Bits);

    /// <summary>Losses, gradients and parameters over some steps, before each of which some buffers are filled.</summary>
    private static List<float> Trained(CompiledProgram compiled, NetSpec spec, HashSet<string> filled, float value)
    {
        var network = Harness.Trainable(spec);
        network.Randomize(1);
        var block = Field<float[]>(network, "netgenBlock");
        var origin = Field<int>(network, "netgenOrigin");
        var gradients = network.CreateGradients();
        var results = new List<float>();
        var batch = spec.Training!.Batch;
        foreach (var samples in (int[])[batch, (batch + 1) / 2, batch])
        {
            var x = TestData.Inputs(samples, spec.Inputs, seed: samples);
            var t = spec.Targets(samples, seed: samples + 1);
            Fill(compiled.Layout.Training, block, origin);
            Fill(compiled.Layout.Gradients, gradients.Block, gradients.Origin);
            results.Add(network.ComputeGradients(x, t, gradients));
            results.AddRange(gradients.Block.AsSpan(gradients.Origin, compiled.Layout.ParameterLength));
            results.AddRange(gradients.Inputs);
            Fill(compiled.Layout.Training, block, origin);
            results.Add(network.TrainBatch(x, t));

            // Parameters with their padding, what the optimiser keeps, running figures.
            results.AddRange(block.AsSpan(origin, compiled.Layout.Training.Min(placement => placement.Offset)));
        }

        return results;

        void Fill(IEnumerable<Placement> placements, float[] into, int start)
        {
            foreach (var placement in placements.Where(placement => filled.Contains(placement.Buffer.Name)))
            {
                into.AsSpan(start + placement.Offset, MemoryMachine.Length(placement.Buffer, batch)).Fill(value);
            }
        }
    }

    /// <summary>What a step keeps for the way back is one value a layer; gradients and turned weights take turns.</summary>
    [Theory]
    [InlineData("a net of products", 2.2)]
    [InlineData("a net of convolutions", 1.8)]
    public void Memory_OfDeepNet_IsMuchLessThanAllBuffers(string net, double atLeast)
    {
        var spec = net == "a net of products"
            ? NetSpec.Of("64" + string.Concat(Enumerable.Repeat("-64:Tanh", 30)), Loss.HalfSquaredError, 10)
            : GraphText.Of("8x10x10" + string.Concat(Enumerable.Repeat(" Conv(8,3,same):Tanh", 30)), Loss.HalfSquaredError, 16);
        var compiled = CompiledProgram.Of(spec);
        Assert.Null(compiled.Split);
        var work = compiled.Layout.BlockLength - compiled.Layout.ParameterLength;
        var all = compiled.Layout.Training.Sum(placement => MemoryMachine.Length(placement.Buffer, spec.Training!.Batch));
        Assert.True(all > atLeast * work, $"{all} floats of buffers take {work}.");
    }

    [Theory]
    [InlineData("40-300:ReLU-200:Tanh-10", "Sgd")]
    [InlineData("40-300:ReLU-200:Tanh-10", "Adam")]
    [InlineData("40-300:ReLU-200:Tanh-10", "Clipped")]
    [InlineData("3x20x20 Conv(16,5,p2):ReLU BatchNorm MaxPool(2) Conv(32,3,p1):ReLU Flatten 100:ReLU 10", "Adam")]
    public void Summary_OfNet_ForetellsWhatItTakes(string net, string optimizer)
    {
        var spec = Spec(net, optimizer);
        var create = Harness.Compile(spec);
        var summary = create.Create("Net").Summary;
        var network = (ITrainableNetwork)create.Create("Net");
        var numbers = Numbers().Matches(summary[summary.IndexOf("Memory in bytes", StringComparison.Ordinal)..]).Select(match => long.Parse(match.Value, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(6, numbers.Count);
        Assert.Equal(numbers[3], numbers[0] + numbers[1] + numbers[2]);
        Assert.InRange(numbers[0], sizeof(float) * (long)network.ParameterCount, (long)(1.2 * sizeof(float) * network.ParameterCount));
        Assert.Equal(optimizer == "Sgd" ? 0 : 2, numbers[1] / (double)sizeof(float) / network.ParameterCount, 0.3);

        // Beside its numbers a network is some objects; a batch trains in what is there. What a first call loads, another network's has loaded.
        var x = TestData.Inputs(10, spec.Inputs, seed: 1);
        var t = spec.Targets(10, seed: 2);
        var y = new float[10 * spec.Outputs];
        var other = (ITrainableNetwork)create.Create("Net");
        other.TrainBatch(x, t);
        other.Predict(x, y);
        Assert.InRange(Allocated(() => create.Create("Net")), numbers[3], numbers[3] + 16_000);
        Assert.InRange(Allocated(() => network.TrainBatch(x, t)), 0, 2_000);
        Assert.InRange(Allocated(() => network.Predict(x, y)), numbers[4], numbers[4] + 4_000);
    }

    private static long Allocated(Action call)
    {
        // A collection meanwhile counts a thread's buffer once.
        var before = GC.GetAllocatedBytesForCurrentThread();
        call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static T Field<T>(object network, string name) =>
        (T)network.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(network)!;

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();
}
