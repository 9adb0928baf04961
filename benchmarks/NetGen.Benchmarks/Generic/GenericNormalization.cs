using System.Numerics;
using System.Runtime.CompilerServices;

namespace NetGen.Benchmarks.Generic;

/// <summary>
/// A batch's normalisation and dropout between a product of any size and its activation: y = mask · (γ·(z − μ)/√(σ² + ε) + β). The normal values and
/// the mask are kept for the way back.
/// </summary>
internal sealed class GenericNormalization
{
    private const float Epsilon = 1e-5f;
    private const float Momentum = 0.1f;

    private readonly int _stride;
    private readonly AlignedBuffer _normal;
    private readonly AlignedBuffer _mask;
    private readonly AlignedBuffer _sums;
    private readonly AlignedBuffer _products;
    private readonly AlignedBuffer[] _gammaStates;
    private readonly AlignedBuffer[] _betaStates;
    private uint _draws;

    /// <param name="size">The features.</param>
    /// <param name="stride">From one sample's row to the next.</param>
    /// <param name="batchSize">The largest number of samples of a training step.</param>
    /// <param name="states">What the optimiser keeps for each parameter.</param>
    public GenericNormalization(int size, int stride, int batchSize, int states)
    {
        _stride = stride;
        AlignedBuffer Row() => new(stride);
        (Gamma, Beta, Mean, Variance) = (Row(), Row(), Row(), Row());
        (_sums, _products, Inverse, Center) = (Row(), Row(), Row(), Row());
        (_normal, _mask) = (new AlignedBuffer(batchSize * stride), new AlignedBuffer(batchSize * stride));
        _gammaStates = [.. Enumerable.Range(0, states).Select(_ => Row())];
        _betaStates = [.. Enumerable.Range(0, states).Select(_ => Row())];
        Gamma.Slice(0, size).Fill(1);
        Variance.Slice(0, size).Fill(1);
    }

    /// <summary>The probability with which a number is dropped while training.</summary>
    public float DropoutRate { get; set; }

    public AlignedBuffer Gamma { get; }

    public AlignedBuffer Beta { get; }

    /// <summary>The running mean.</summary>
    public AlignedBuffer Mean { get; }

    /// <summary>The running variance.</summary>
    public AlignedBuffer Variance { get; }

    /// <summary>1/√(σ² + ε) of the last pass.</summary>
    private AlignedBuffer Inverse { get; }

    /// <summary>μ of the last pass.</summary>
    private AlignedBuffer Center { get; }

    private static int Lanes => Vector<float>.Count;

    /// <summary>z[n, size] → y[n, size], in place, with the running figures.</summary>
    public void Predict(ref float z, int samples)
    {
        for (var i = 0; i < _stride; i += Lanes)
        {
            var scale = At(Gamma, i) / Vector.SquareRoot(At(Variance, i) + new Vector<float>(Epsilon));
            var shift = At(Beta, i) - At(Mean, i) * scale;
            for (var row = 0; row < samples; row++)
            {
                ref var at = ref Unsafe.Add(ref z, row * _stride + i);
                Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref at), scale, shift).StoreUnsafe(ref at);
            }
        }
    }

    /// <summary>The same with the batch's figures and dropout, row by row as the numbers stand in memory; the running figures follow.</summary>
    public void Train(ref float z, int samples)
    {
        var count = new Vector<float>(samples);
        Accumulate(ref z, samples, _sums, _products, center: false);
        for (var i = 0; i < _stride; i += Lanes)
        {
            (At(_sums, i) / count).StoreUnsafe(ref Unsafe.Add(ref Center.Origin, i));
        }

        Accumulate(ref z, samples, _sums, _products, center: true);
        var (keep, share, unbiased) = (new Vector<float>(1 - Momentum), new Vector<float>(Momentum), new Vector<float>(Momentum / (samples - 1)));
        for (var i = 0; i < _stride; i += Lanes)
        {
            (Vector<float>.One / Vector.SquareRoot(At(_products, i) / count + new Vector<float>(Epsilon))).StoreUnsafe(ref Unsafe.Add(ref Inverse.Origin, i));
            (keep * At(Mean, i) + share * At(Center, i)).StoreUnsafe(ref Unsafe.Add(ref Mean.Origin, i));
            (keep * At(Variance, i) + unbiased * At(_products, i)).StoreUnsafe(ref Unsafe.Add(ref Variance.Origin, i));
        }

        var (threshold, gain) = (new Vector<int>((int)(DropoutRate * 4294967296.0 - 2147483648.0)), new Vector<float>(1 / (1 - DropoutRate)));
        var key = new Vector<uint>(++_draws * 0x9E3779B9);
        for (var row = 0; row < samples; row++)
        {
            for (var i = 0; i < _stride; i += Lanes)
            {
                var place = row * _stride + i;
                ref var at = ref Unsafe.Add(ref z, place);
                var normal = (Vector.LoadUnsafe(ref at) - At(Center, i)) * At(Inverse, i);
                normal.StoreUnsafe(ref Unsafe.Add(ref _normal.Origin, place));
                var h = new Vector<uint>((uint)place) + Vector<uint>.Indices + key;
                h = (h ^ Vector.ShiftRightLogical(h, 16)) * new Vector<uint>(0x85EBCA6B);
                h = (h ^ Vector.ShiftRightLogical(h, 13)) * new Vector<uint>(0xC2B2AE35);
                var mask = Vector.ConditionalSelect(
                    Vector.GreaterThanOrEqual(Vector.AsVectorInt32(h ^ Vector.ShiftRightLogical(h, 16)), threshold), gain, Vector<float>.Zero);
                mask.StoreUnsafe(ref Unsafe.Add(ref _mask.Origin, place));
                (mask * Vector.MultiplyAddEstimate(normal, At(Gamma, i), At(Beta, i))).StoreUnsafe(ref at);
            }
        }
    }

    /// <summary>∂loss/∂y → ∂loss/∂z, in place, and the step of γ and β.</summary>
    public void Backward(ref float delta, int samples, GenericOptimizer optimizer)
    {
        _sums.Span.Clear();
        _products.Span.Clear();
        for (var row = 0; row < samples; row++)
        {
            for (var i = 0; i < _stride; i += Lanes)
            {
                var place = row * _stride + i;
                ref var at = ref Unsafe.Add(ref delta, place);
                var g = Vector.LoadUnsafe(ref at) * At(_mask, place);
                g.StoreUnsafe(ref at);
                (At(_sums, i) + g).StoreUnsafe(ref Unsafe.Add(ref _sums.Origin, i));
                Vector.MultiplyAddEstimate(g, At(_normal, place), At(_products, i)).StoreUnsafe(ref Unsafe.Add(ref _products.Origin, i));
            }
        }

        var share = new Vector<float>(1f / samples);
        for (var row = 0; row < samples; row++)
        {
            for (var i = 0; i < _stride; i += Lanes)
            {
                var place = row * _stride + i;
                ref var at = ref Unsafe.Add(ref delta, place);
                var own = (At(_sums, i) + At(_normal, place) * At(_products, i)) * share;
                ((Vector.LoadUnsafe(ref at) - own) * (At(Gamma, i) * At(Inverse, i))).StoreUnsafe(ref at);
            }
        }

        if (_gammaStates.Length == 0)
        {
            throw new InvalidOperationException("The generic normalisation learns by an optimiser with a state.");
        }

        optimizer.Step(Gamma.Span, _products.Span, _gammaStates);
        optimizer.Step(Beta.Span, _sums.Span, _betaStates);
    }

    /// <summary>Σ z, or Σ (z − μ)², over the samples.</summary>
    private void Accumulate(ref float z, int samples, AlignedBuffer sums, AlignedBuffer squares, bool center)
    {
        var into = center ? squares : sums;
        into.Span.Clear();
        for (var row = 0; row < samples; row++)
        {
            for (var i = 0; i < _stride; i += Lanes)
            {
                var v = Vector.LoadUnsafe(ref Unsafe.Add(ref z, row * _stride + i));
                if (center)
                {
                    v -= At(Center, i);
                    v *= v;
                }

                (At(into, i) + v).StoreUnsafe(ref Unsafe.Add(ref into.Origin, i));
            }
        }
    }

    private static Vector<float> At(AlignedBuffer buffer, int i) => Vector.LoadUnsafe(ref Unsafe.Add(ref buffer.Origin, i));
}
