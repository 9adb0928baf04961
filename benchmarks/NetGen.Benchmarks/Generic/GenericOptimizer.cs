using System.Numerics;
using System.Runtime.InteropServices;

namespace NetGen.Benchmarks.Generic;

/// <summary>An optimiser that is chosen at run time: gradient descent, with momentum or without, or Adam with its usual constants.</summary>
/// <param name="kind">Sgd or Adam.</param>
/// <param name="learningRate">η.</param>
/// <param name="momentum">The momentum μ of Sgd; 0 for none.</param>
internal sealed class GenericOptimizer(Optimizer kind, double learningRate, double momentum)
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const float Epsilon = 1e-8f;

    private int _step;

    public float LearningRate => (float)learningRate;

    /// <summary>What is kept for each parameter.</summary>
    public int States { get; } = (kind, momentum) switch
    {
        (Optimizer.Adam, _) => 2,
        (Optimizer.Sgd, 0) => 0,
        (Optimizer.Sgd, _) => 1,
        _ => throw new ArgumentException($"The generic network knows no {kind}.", nameof(kind)),
    };

    public void BeginStep() => _step++;

    /// <summary>Changes parameters by their gradients, all in one pass; lengths are whole vectors.</summary>
    public void Step(Span<float> parameters, Span<float> gradients, AlignedBuffer[] states)
    {
        if (States == 0)
        {
            Descend(Vectors(parameters), Vectors(gradients));
        }
        else if (kind == Optimizer.Adam)
        {
            Adam(Vectors(parameters), Vectors(gradients), Vectors(states[0].Span), Vectors(states[1].Span));
        }
        else
        {
            Momentum(Vectors(parameters), Vectors(gradients), Vectors(states[0].Span));
        }
    }

    /// <summary>w ← w − η·g.</summary>
    private void Descend(Span<Vector<float>> w, Span<Vector<float>> g)
    {
        var rate = new Vector<float>(-LearningRate);
        for (var i = 0; i < w.Length && i < g.Length; i++)
        {
            w[i] = Vector.MultiplyAddEstimate(rate, g[i], w[i]);
        }
    }

    /// <summary>m ← μ·m + g, w ← w − η·m.</summary>
    private void Momentum(Span<Vector<float>> w, Span<Vector<float>> g, Span<Vector<float>> m)
    {
        var (mu, rate) = (new Vector<float>((float)momentum), new Vector<float>(-LearningRate));
        for (var i = 0; i < w.Length && i < g.Length && i < m.Length; i++)
        {
            m[i] = Vector.MultiplyAddEstimate(mu, m[i], g[i]);
            w[i] = Vector.MultiplyAddEstimate(rate, m[i], w[i]);
        }
    }

    /// <summary>m ← β1·m + (1 − β1)·g, v ← β2·v + (1 − β2)·g², w ← w − η·m̂ / (√v̂ + ε).</summary>
    private void Adam(Span<Vector<float>> w, Span<Vector<float>> g, Span<Vector<float>> m, Span<Vector<float>> v)
    {
        var rate = new Vector<float>((float)(-learningRate / (1 - Math.Pow(Beta1, _step))));
        var correction = new Vector<float>((float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, _step))));
        var (share1, share2) = (new Vector<float>((float)(1 - Beta1)), new Vector<float>((float)(1 - Beta2)));
        var (beta1, beta2, epsilon) = (new Vector<float>((float)Beta1), new Vector<float>((float)Beta2), new Vector<float>(Epsilon));
        for (var i = 0; i < w.Length && i < g.Length && i < m.Length && i < v.Length; i++)
        {
            m[i] = Vector.MultiplyAddEstimate(beta1, m[i], share1 * g[i]);
            v[i] = Vector.MultiplyAddEstimate(share2 * g[i], g[i], beta2 * v[i]);
            var deviation = Vector.MultiplyAddEstimate(Vector.SquareRoot(v[i]), correction, epsilon);
            w[i] = Vector.MultiplyAddEstimate(rate, m[i] / deviation, w[i]);
        }
    }

    private static Span<Vector<float>> Vectors(Span<float> numbers) => MemoryMarshal.Cast<float, Vector<float>>(numbers);
}
