using System.Runtime.Intrinsics;

namespace NetGen.Benchmarks.Generic;

/// <summary>What the generic products need of a vector, so that one text serves every width.</summary>
/// <typeparam name="TVector">The vector.</typeparam>
internal interface ILanes<TVector>
    where TVector : struct
{
    static abstract int Count { get; }

    /// <summary>Whether the machine has the registers for tiles of eight rows.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract TVector Load(ref float source, nuint offset);

    static abstract void Store(TVector vector, ref float destination, nuint offset);

    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);
}

internal readonly struct Lanes512 : ILanes<Vector512<float>>
{
    public static int Count => Vector512<float>.Count;

    public static bool HasManyRegisters => true;

    public static Vector512<float> Load(ref float source, nuint offset) => Vector512.LoadUnsafe(ref source, offset);

    public static void Store(Vector512<float> vector, ref float destination, nuint offset) => vector.StoreUnsafe(ref destination, offset);

    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    public static Vector512<float> Add(Vector512<float> left, Vector512<float> right) => left + right;

    public static Vector512<float> MultiplyAdd(Vector512<float> left, Vector512<float> right, Vector512<float> addend) =>
        Vector512.MultiplyAddEstimate(left, right, addend);
}

internal readonly struct Lanes256 : ILanes<Vector256<float>>
{
    public static int Count => Vector256<float>.Count;

    public static bool HasManyRegisters => false;

    public static Vector256<float> Load(ref float source, nuint offset) => Vector256.LoadUnsafe(ref source, offset);

    public static void Store(Vector256<float> vector, ref float destination, nuint offset) => vector.StoreUnsafe(ref destination, offset);

    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    public static Vector256<float> Add(Vector256<float> left, Vector256<float> right) => left + right;

    public static Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> addend) =>
        Vector256.MultiplyAddEstimate(left, right, addend);
}

internal readonly struct Lanes128 : ILanes<Vector128<float>>
{
    public static int Count => Vector128<float>.Count;

    public static bool HasManyRegisters => false;

    public static Vector128<float> Load(ref float source, nuint offset) => Vector128.LoadUnsafe(ref source, offset);

    public static void Store(Vector128<float> vector, ref float destination, nuint offset) => vector.StoreUnsafe(ref destination, offset);

    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    public static Vector128<float> Add(Vector128<float> left, Vector128<float> right) => left + right;

    public static Vector128<float> MultiplyAdd(Vector128<float> left, Vector128<float> right, Vector128<float> addend) =>
        Vector128.MultiplyAddEstimate(left, right, addend);
}
