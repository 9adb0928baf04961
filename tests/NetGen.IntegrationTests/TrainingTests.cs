using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>Training over steps: the order of update and backward pass, drift, the gradient as the loss's slope.</summary>
[Trait(Widths.Trait, Widths.Every)]
public class TrainingTests
{
    /// <summary>
    /// The update of a layer is fused into its weights' gradient. The gradient that goes back must still take the weights
    /// from before: at a large learning rate the other order gives other numbers.
    /// </summary>
    [Theory]
    [InlineData("6-5:Tanh-4:Tanh-3", 7)]
    [InlineData("40-64:Tanh-48:Tanh-17", 16)]
    [InlineData("2-5:Sigmoid-2:Sigmoid", 30)]
    [InlineData("100-33:SiLU-1", 12)]
    [InlineData("12-150:Tanh-100-40:Softmax", 1)]
    public void TrainBatch_WithLargeLearningRate_SendsBackThroughWeightsFromBeforeTheUpdate(string net, int batch)
    {
        var spec = NetSpec.Of(net, Loss.HalfSquaredError, batch, rate: 20);
        var network = Harness.Trainable(spec).Randomize(seed: 1);
        var right = network.ToReference(spec);
        var wrong = network.ToReference(spec, updateBeforeBackward: true);
        var x = TestData.Inputs(batch, spec.Inputs, seed: 2);
        var t = TestData.Targets(Loss.HalfSquaredError, batch, spec.Outputs, seed: 3);

        network.TrainBatch(x, t);
        right.TrainBatch(TestData.ToDoubles(x), TestData.ToDoubles(t));
        wrong.TrainBatch(TestData.ToDoubles(x), TestData.ToDoubles(t));

        for (var p = 0; p < network.Parameters.Count; p++)
        {
            Near.Single(right.Parameters[p].Values, network.Parameters[p].ToArray(), network.Parameters[p].Name);
        }

        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Near.Single(wrong.Parameters[0].Values, network.Parameters[0].ToArray(), "the wrong order"));
    }

    [Theory]
    [InlineData("10-20:Tanh-20:Sigmoid-4", Loss.HalfSquaredError, 8, 0.2)]
    [InlineData("64-32:GELU-10", Loss.SoftmaxCrossEntropy, 32, 0.1)]
    [InlineData("33-47:SiLU-17:Softsign-3:Softmax", Loss.CrossEntropy, 9, 0.1)]
    [InlineData("5-65:ELU-3", Loss.Huber, 3, 0.05)]
    [InlineData("2-5:Sigmoid-2:Sigmoid", Loss.BinaryCrossEntropy, 30, 1.0)]
    public void TrainBatch_200Steps_StaysWithReference(string net, Loss loss, int batch, double rate)
    {
        var spec = NetSpec.Of(net, loss, batch, rate);
        var network = Harness.Trainable(spec, seed: 3);
        var reference = network.ToReference(spec);
        for (var step = 0; step < 200; step++)
        {
            var samples = step % 4 == 3 ? 1 + step % batch : batch;
            var x = TestData.Inputs(samples, spec.Inputs, seed: step);
            var t = TestData.Targets(loss, samples, spec.Outputs, seed: 500 + step);
            var expected = reference.TrainBatch(TestData.ToDoubles(x), TestData.ToDoubles(t));
            Near.Each([expected], [network.TrainBatch(x, t)], $"loss of step {step}", e => 1e-5 + 1e-3 * e);
        }

        for (var p = 0; p < network.Parameters.Count; p++)
        {
            var largest = reference.Parameters[p].Values.Max(Math.Abs);
            Near.Each(reference.Parameters[p].Values, network.Parameters[p].ToArray(), network.Parameters[p].Name, e => 1e-3 * Math.Abs(e) + 1e-5 * largest);
        }
    }

    [Fact]
    public void ComputeGradients_OfSmallNet_AreTheLosssSlopes()
    {
        const float H = 1f / 128;
        var spec = NetSpec.Of("4-7:Tanh-3", Loss.HalfSquaredError, batch: 6);
        var network = Harness.Trainable(spec).Randomize(seed: 4);
        var x = TestData.Inputs(6, 4, seed: 5);
        var t = TestData.Targets(Loss.HalfSquaredError, 6, 3, seed: 6);
        var gradients = network.CreateGradients();
        network.ComputeGradients(x, t, gradients);

        for (var p = 0; p < network.Parameters.Count; p++)
        {
            var values = network.Parameters[p].ToArray();
            var slopes = Slopes(values, () => network.Parameters[p].CopyFrom(values));
            Near.Each(slopes, gradients.Parameters[p].ToArray(), network.Parameters[p].Name, e => 5e-4 + 1e-3 * Math.Abs(e));
        }

        Near.Each(Slopes(x, () => { }), gradients.Inputs, "inputs", e => 5e-4 + 1e-3 * Math.Abs(e));

        double[] Slopes(float[] values, Action changed)
        {
            var slopes = new double[values.Length];
            for (var i = 0; i < values.Length; i++)
            {
                var kept = values[i];
                slopes[i] = (LossWith(kept + H) - LossWith(kept - H)) / (2 * H);
                LossWith(kept);

                float LossWith(float value)
                {
                    values[i] = value;
                    changed();
                    return network.ComputeLoss(network.Predict(x), t);
                }
            }

            return slopes;
        }
    }

    [Fact]
    public void ComputeGradients_BeforeAStep_ChangesNothing()
    {
        var spec = NetSpec.Of("9-33:Tanh-5", Loss.HalfSquaredError, batch: 4);
        var (with, without) = (Harness.Trainable(spec, seed: 5), Harness.Trainable(spec, seed: 5));
        var x = TestData.Inputs(4, 9, seed: 1);
        var t = TestData.Targets(Loss.HalfSquaredError, 4, 5, seed: 2);
        with.ComputeGradients(x, t, with.CreateGradients());
        Near.SameBits(without.AllParameters(), with.AllParameters(), "parameters");
        Assert.Equal(without.TrainBatch(x, t), with.TrainBatch(x, t));
        Near.SameBits(without.AllParameters(), with.AllParameters(), "parameters after the step");
    }

    [Fact]
    public void ComputeGradients_IntoUsedGradients_LeavesNothingOfTheLast()
    {
        var spec = NetSpec.Of("9-33:Tanh-5", Loss.HalfSquaredError, batch: 4);
        var network = Harness.Trainable(spec, seed: 5);
        var (used, fresh) = (network.CreateGradients(), network.CreateGradients());
        network.ComputeGradients(TestData.Inputs(4, 9, seed: 1), TestData.Targets(Loss.HalfSquaredError, 4, 5, seed: 2), used);
        foreach (var gradients in (Gradients[])[used, fresh])
        {
            network.ComputeGradients(TestData.Inputs(2, 9, seed: 3), TestData.Targets(Loss.HalfSquaredError, 2, 5, seed: 4), gradients);
        }

        Assert.Equal(2 * 9, used.Inputs.Length);
        Near.SameBits(fresh.Inputs, used.Inputs, "input gradient");
        for (var p = 0; p < used.Parameters.Count; p++)
        {
            Near.SameBits(fresh.Parameters[p].ToArray(), used.Parameters[p].ToArray(), used.Parameters[p].Name);
        }
    }

    [Fact]
    public void LearningRate_WhenSet_IsThatOfTheNextStep()
    {
        var spec = NetSpec.Of("4-3", Loss.HalfSquaredError, batch: 2, rate: 0.25);
        var network = Harness.Trainable(spec).Randomize(seed: 1);
        Assert.Equal(0.25f, network.LearningRate);
        network.LearningRate = 0;
        var before = network.AllParameters();
        network.TrainBatch(TestData.Inputs(2, 4, seed: 1), TestData.Uniform(6, 1, seed: 2));
        Near.SameBits(before, network.AllParameters(), "parameters after a step of rate 0");

        network.LearningRate = 2;
        var reference = network.ToReference(spec);
        network.TrainBatch(TestData.Inputs(2, 4, seed: 1), TestData.Uniform(6, 1, seed: 2));
        reference.TrainBatch(TestData.ToDoubles(TestData.Inputs(2, 4, seed: 1)), TestData.ToDoubles(TestData.Uniform(6, 1, seed: 2)), rate: 2);
        Near.Single(reference.Parameters[0].Values, network.Parameters[0].ToArray(), "weight");
    }

    [Fact]
    public void StepCount_OfStepsAndGradients_CountsStepsAlone()
    {
        var network = Harness.Trainable(NetSpec.Of("4-3", Loss.HalfSquaredError, batch: 2));
        var (x, t) = (TestData.Inputs(2, 4, seed: 1), TestData.Uniform(6, 1, seed: 2));
        Assert.Equal(0, network.StepCount);
        network.TrainBatch(x, t);
        network.TrainBatch(x.AsSpan(0, 4), t.AsSpan(0, 3));
        network.ComputeGradients(x, t, network.CreateGradients());
        Assert.Equal(2, network.StepCount);
        network.StepCount = 1L << 40;
        network.TrainBatch(x, t);
        Assert.Equal((1L << 40) + 1, network.StepCount);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e30f)]
    public void TrainBatch_WithLossThatIsNotFinite_ChangesNothing(float poison)
    {
        foreach (var loss in Enum.GetValues<Loss>().Where(l => l is not (Loss.Custom or Loss.WeightedSum)).Where(l => l is Loss.HalfSquaredError or Loss.SoftmaxCrossEntropy || !float.IsFinite(poison)))
        {
            var last = Enum.GetValues<Activation>().First(a => Sensible.Together(a, loss));
            var spec = NetSpec.Of($"5-40:Tanh-66:{last}", loss, batch: 3);
            var network = Harness.Trainable(spec).Randomize(seed: 1);
            var before = network.AllParameters();
            var t = TestData.Targets(loss, 3, 66, seed: 2);
            t[34] = poison;
            var value = network.TrainBatch(TestData.Inputs(3, 5, seed: 3), t);
            if (!float.IsFinite(value))
            {
                Near.SameBits(before, network.AllParameters(), $"{loss}: parameters");
                Assert.Equal(0, network.StepCount);
            }

            Assert.True(!float.IsFinite(value) || poison == 1e30f, $"{loss} of a target {poison} is {value}.");

            // The network still works afterwards.
            var finite = network.TrainBatch(TestData.Inputs(3, 5, seed: 3), TestData.Targets(loss, 3, 66, seed: 2));
            Assert.True(float.IsFinite(finite) || float.IsFinite(value), $"{loss} after the bad step is {finite}.");
        }
    }

    [Fact]
    public void TrainBatch_WithNaNInput_ChangesNothing()
    {
        var network = Harness.Trainable(NetSpec.Of("5-40:Tanh-3", Loss.HalfSquaredError, batch: 3)).Randomize(seed: 1);
        var before = network.AllParameters();
        var x = TestData.Inputs(3, 5, seed: 3);
        x[7] = float.NaN;
        Assert.True(float.IsNaN(network.TrainBatch(x, TestData.Targets(Loss.HalfSquaredError, 3, 3, seed: 2))));
        Near.SameBits(before, network.AllParameters(), "parameters");
    }
}
