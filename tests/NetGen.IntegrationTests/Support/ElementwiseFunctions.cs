using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NetGen.IntegrationTests.Support;

/// <summary>Element-wise functions as generated code computes them, one float in, one out.</summary>
internal static class ElementwiseFunctions
{
    private const int Lanes = 32;

    /// <summary>f over <see cref="FloatSweep"/>.</summary>
    public static float[] Values(Activation kind) => Values(kind, FloatSweep.Points);

    /// <summary>f', over <see cref="FloatSweep"/>.</summary>
    public static float[] Slopes(Activation kind) => Slopes(kind, FloatSweep.Points);

    /// <summary>f of each point, by a network of nothing else; what is missing of a row of 32 is f(0).</summary>
    public static float[] Values(Activation kind, ReadOnlySpan<float> points) =>
        Harness.Network(NetSpec.Of($"{Lanes}-{kind}")).Predict(Padded(points));

    /// <summary>f' of each point: with weights of 1 the loss |y − t| hands a gradient of 1 to each.</summary>
    public static float[] Slopes(Activation kind, ReadOnlySpan<float> points)
    {
        var network = Harness.Trainable(NetSpec.Of($"{Lanes}-{kind}-1!", Loss.MeanAbsoluteError, batch: 1));
        network.Parameters[0].CopyFrom([.. Enumerable.Repeat(1f, Lanes)]);
        var gradients = network.CreateGradients();
        var z = Padded(points);
        var slopes = new float[z.Length];

        // A sum of results that is infinite still lies above the target; only NaN would not.
        for (var i = 0; i < z.Length; i += Lanes)
        {
            network.ComputeGradients(z.AsSpan(i, Lanes), [float.NegativeInfinity], gradients);
            gradients.Inputs.CopyTo(slopes.AsSpan(i));
        }

        return slopes;
    }

    /// <summary>A function of one vector that kernels call, such as Exp.</summary>
    public static float[] Helper(string name, ReadOnlySpan<float> points)
    {
        var kernels = Harness.Compile(NetSpec.Of("32-20:Sigmoid-20:ELU-20", Loss.SoftmaxCrossEntropy)).Type("Net").Assembly.GetTypes();
        var method = kernels.Select(t => t.GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)).First(m => m is not null)!;
        var results = new float[points.Length];
        switch (HarnessOptions.NativeWidth)
        {
            case 512: Apply<Vector512<float>>(method, points, results); break;
            case 256: Apply<Vector256<float>>(method, points, results); break;
            default: Apply<Vector128<float>>(method, points, results); break;
        }

        return results;
    }

    private static void Apply<T>(MethodInfo method, ReadOnlySpan<float> points, Span<float> results)
        where T : struct
    {
        var function = method.CreateDelegate<Func<T, T>>();
        var from = MemoryMarshal.Cast<float, T>(points);
        var to = MemoryMarshal.Cast<float, T>(results);
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = function(from[i]);
        }
    }

    private static float[] Padded(ReadOnlySpan<float> points)
    {
        var padded = new float[(points.Length + Lanes - 1) / Lanes * Lanes];
        points.CopyTo(padded);
        return padded;
    }
}
