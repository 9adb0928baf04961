using Microsoft.CodeAnalysis;
using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests;

/// <summary>What is generated, to be read.</summary>
public class SnapshotTests
{
    [Fact]
    public void Error_surface() => Snapshot.Verify(this, GeneratorRun.Of("""
        using NetGen;
        namespace My.Models;

        public partial class Outer
        {
            [Network]
            [Input(28, 28)]
            [Dense(10)]
            [Train(Loss.SoftmaxCrossEntropy, BatchSize = 16)]
            public partial class Net
            {
                public string Summary => "mine";
            }
        }
        """).Files);

    [Fact]
    public void Predict_only() => Snapshot.Verify(this, AtOneWidth("""
        using NetGen;
        namespace My;

        [Network]
        [Input(3)]
        [Dense(4, Activation.GELU)]
        [Dense(2, Activation.Softmax)]
        public partial class Small;
        """));

    [Fact]
    public void Several_inputs_and_losses() => Snapshot.Verify(this, AtOneWidth("""
        using NetGen;
        namespace My;

        [Network]
        [Input(5, Name = "place")]
        [Input(1, 4, 4, Name = "image")]
        [Flatten(Name = "pixels")]
        [Concat("place", "pixels", Name = "all")]
        [Dense(20, Activation.Tanh, Name = "hidden")]
        [Dense(3, Name = "kind")]
        [Dense(1, Name = "size", From = ["hidden"])]
        [Loss("kind", Loss.SoftmaxCrossEntropy)]
        [Loss("size", Loss.MeanSquaredError, Weight = 0.1)]
        [Train(Optimizer.Sgd, BatchSize = 8)]
        public partial class Several;
        """));

    [Fact]
    public void Own_functions() => Snapshot.Verify(this, AtOneWidth("""
        using System;
        using NetGen;
        namespace My;

        [Network]
        [Input(9)]
        [Dense(20, Function = nameof(Swish))]
        [Dense(3)]
        [Train(nameof(LogCosh), Optimizer.Adam, BatchSize = 8)]
        public partial class Owner
        {
            private static float Swish(float z) => z / (1 + MathF.Exp(-z));

            private static float SwishDerivative(float z)
            {
                var s = 1 / (1 + MathF.Exp(-z));
                return s + z * s * (1 - s);
            }

            private static float LogCosh(float prediction, float target)
            {
                var d = MathF.Abs(prediction - target);
                return d > 20 ? d : MathF.Log(MathF.Cosh(d));
            }

            private static float LogCoshDerivative(float prediction, float target) => MathF.Tanh(prediction - target);
        }
        """));

    [Fact]
    public void Error_surface_of_bytes() => Snapshot.Verify(this, GeneratorRun.Of("""
        using NetGen;

        [Network]
        [Input(28, Scale = 0)]
        [Dense(10)]
        [Train(Loss.SoftmaxCrossEntropy, BatchSize = 16)]
        public partial class Net;
        """).Files);

    /// <summary>The surface alone: kernels know nothing of bytes.</summary>
    [Fact]
    public void Inputs_of_bytes() => Snapshot.Verify(this, AtOneWidth("""
        using NetGen;
        namespace My;

        [Network]
        [Input(3, Scale = 1 / 255.0, Offset = -0.5)]
        [Dense(2)]
        [Train(Loss.SoftmaxCrossEntropy, BatchSize = 4)]
        public partial class Pixels;
        """).Where(file => !file.HintName.Contains("Kernels")));

    [Fact]
    public void Trained_on_labels() => Snapshot.Verify(this, AtOneWidth("""
        using NetGen;
        namespace My;

        [Network]
        [Input(3)]
        [Dense(5, Activation.ReLU)]
        [Dense(4)]
        [Train(Loss.SoftmaxCrossEntropy, BatchSize = 4)]
        public partial class Classifier;
        """));

    /// <summary>A transposed convolution with a pass that adds a bias behind it, and a product that has the bias after it.</summary>
    [Fact]
    public void Enlarged() => Snapshot.Verify(this, AtOneWidth("""
        using NetGen;
        namespace My;

        [Network]
        [Input(2, 1, 2)]
        [ConvTranspose2D(1, 2, Activation.ReLU, Stride = 2, Name = "up")]
        [Bias(Name = "shift")]
        [Flatten]
        [Linear(3)]
        [Bias]
        [Train(Loss.HalfSquaredError, LearningRate = 0.1, BatchSize = 4)]
        public partial class Enlarged;
        """));

    /// <summary>A step with a sample a lane, in a batch whose last turn overlaps.</summary>
    [Fact]
    public void Narrow_step() => Snapshot.Verify(this, AtOneWidth("""
        using NetGen;
        namespace My;

        [Network]
        [Input(2)]
        [Dense(3, Activation.Sigmoid)]
        [Dense(2, Activation.Sigmoid)]
        [Train(Loss.HalfSquaredError, BatchSize = 20)]
        public partial class Narrow;
        """));

    /// <summary>A normalisation, dropout and an activation: one pass forward, one back.</summary>
    [Fact]
    public void Normalized() => Snapshot.Verify(this, AtOneWidth("""
        using NetGen;
        namespace My;

        [Network]
        [Input(6)]
        [Dense(20)]
        [BatchNorm]
        [Dropout(0.3)]
        [Activation(Activation.ReLU)]
        [Dense(3)]
        [Train(Loss.HalfSquaredError, BatchSize = 4)]
        public partial class Normalized;
        """));

    /// <summary>The optimiser's step at the end of the products.</summary>
    [Fact]
    public void Trained_by_Adam() => Snapshot.Verify(this, AtOneWidth("""
        using NetGen;
        namespace My;

        [Network]
        [Input(3)]
        [Dense(40)]
        [Train(Loss.HalfSquaredError, Optimizer.Adam, WeightDecay = 0.001, BatchSize = 4)]
        public partial class Fitted;
        """));

    /// <summary>The optimiser's step when all gradients are there.</summary>
    [Fact]
    public void Trained_with_clipped_gradients() => Snapshot.Verify(this, AtOneWidth("""
        using NetGen;
        namespace My;

        [Network]
        [Input(3)]
        [Dense(4)]
        [Train(Loss.HalfSquaredError, Momentum = 0.9, Nesterov = true, ClipNorm = 1, ClipValue = 0.5, BatchSize = 4)]
        public partial class Clipped;
        """));

    /// <summary>Plain gradient descent with penalties and a constraint over a frozen layer.</summary>
    [Fact]
    public void Regularized() => Snapshot.Verify(this, AtOneWidth("""
        using NetGen;
        namespace My;

        [Network]
        [Input(3)]
        [Dense(4, Activation.Tanh, Frozen = true)]
        [Dense(5, Activation.Sigmoid, WeightL2 = 0.001, BiasL1 = 0.01, ActivityL2 = 0.002, MaxNorm = 3)]
        [Dense(2, WeightL1 = 0.001, NonNegative = true)]
        [Train(Loss.HalfSquaredError, BatchSize = 4)]
        public partial class Regularized;
        """));

    /// <summary>One width's kernels are enough to be read, and 256 bits have what both others have: masks and virtual lanes in parts.</summary>
    private static IEnumerable<GeneratedSourceResult> AtOneWidth(string source)
    {
        var run = GeneratorRun.Of(Compilations.Create(source), ("NetGenVectorWidths", "256"));
        Assert.Empty(run.Analyze());
        return run.Files;
    }
}
