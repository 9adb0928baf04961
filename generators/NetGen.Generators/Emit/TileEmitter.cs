using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Emit;

/// <summary>
/// The heart of every product: a tile of sums in registers, s[rows, vectors] += left[rows, k] · right[k, vectors], one outer
/// product a step. Per step each row's factor is broadcast once and each of right's vectors loaded once.
/// </summary>
/// <param name="target">The vector width.</param>
/// <param name="rows">The tile's rows.</param>
/// <param name="vectors">The vectors of a row.</param>
internal sealed class TileEmitter(VectorTarget target, int rows, int vectors)
{
    /// <summary>From one row's factor to the next row's, in floats.</summary>
    public required Func<int, int> LeftOffset { get; init; }

    /// <summary>Where each of right's vectors stands, in floats.</summary>
    public required Func<int, int> RightOffset { get; init; }

    /// <summary>The name of a row's factor: <c>x</c> gives x0, x1, …</summary>
    public string LeftName { get; init; } = "x";

    /// <summary>The name of right's vectors: <c>w</c> gives w0, w1, …</summary>
    public string RightName { get; init; } = "w";

    private string V => target.Class;

    public int Rows => rows;

    public int Vectors => vectors;

    /// <summary>The name of a sum.</summary>
    public string Sum(int row, int vector) => vectors == 1 ? $"s{row}" : $"s{row}_{vector}";

    /// <summary>All sums, row by row.</summary>
    public IEnumerable<(int Row, int Vector, string Name)> Sums() =>
        from row in Enumerable.Range(0, rows) from vector in Enumerable.Range(0, vectors) select (row, vector, Sum(row, vector));

    /// <summary>Declares every sum with its start.</summary>
    public void Start(CodeWriter writer, Func<int, int, string> value)
    {
        foreach (var (row, vector, name) in Sums())
        {
            writer.Line($"var {name} = {value(row, vector)};");
        }
    }

    /// <summary>Sets every sum to zero; declares them.</summary>
    public void StartFromZero(CodeWriter writer) => Start(writer, (_, _) => $"{V}<float>.Zero");

    /// <summary>One step: the references left and right stand at k, moved by so many steps.</summary>
    public void Step(CodeWriter writer, string left, string right, int leftMoved = 0, int rightMoved = 0)
    {
        for (var vector = 0; vector < vectors; vector++)
        {
            writer.Line($"var {RightName}{vector} = {Load(target, right, rightMoved + RightOffset(vector))};");
        }

        for (var row = 0; row < rows; row++)
        {
            writer.Line($"var {LeftName}{row} = {V}.Create({Ref(left, leftMoved + LeftOffset(row))});");
            for (var vector = 0; vector < vectors; vector++)
            {
                var sum = Sum(row, vector);
                writer.Line($"{sum} = {V}.MultiplyAddEstimate({LeftName}{row}, {RightName}{vector}, {sum});");
            }
        }
    }

    /// <summary>All steps of a fixed depth, written out.</summary>
    public void Unrolled(CodeWriter writer, string left, string right, int depth, Func<int, int> leftStep, int rightStep)
    {
        for (var k = 0; k < depth; k++)
        {
            using (writer.Block())
            {
                Step(writer, left, right, leftStep(k), k * rightStep);
            }
        }
    }

    /// <summary>The steps as a loop that moves the references; they stand behind the last step afterwards.</summary>
    /// <param name="beside">What else each step does, at its end.</param>
    public void Loop(CodeWriter writer, string left, string right, string depth, int leftStep, int rightStep, Action? beside = null)
    {
        using (writer.Block($"for (var k = 0; k < {depth}; k++)"))
        {
            Step(writer, left, right);
            Move(writer, left, leftStep);
            Move(writer, right, rightStep);
            beside?.Invoke();
        }
    }

    /// <summary>A reference moved by a fixed number of floats.</summary>
    public static string Ref(string name, int offset) => offset == 0 ? name : $"Clr::Unsafe.Add(ref {name}, {CodeWriter.Number(offset)})";

    /// <summary>A reference moved by an expression.</summary>
    public static string Ref(string name, string offset) => offset == "0" ? name : $"Clr::Unsafe.Add(ref {name}, {offset})";

    /// <summary>Moves a reference; a move by nothing is left out.</summary>
    public static void Move(CodeWriter writer, string name, string offset)
    {
        if (offset != "0")
        {
            writer.Line($"{name} = ref Clr::Unsafe.Add(ref {name}, {offset});");
        }
    }

    /// <summary>Moves a reference by a fixed number of floats.</summary>
    public static void Move(CodeWriter writer, string name, int offset) => Move(writer, name, CodeWriter.Number(offset));

    /// <summary>The vector at a fixed distance.</summary>
    public static string Load(VectorTarget target, string name, int offset) => offset <= 0
        ? $"{target.Class}.LoadUnsafe(ref {Ref(name, offset)})"
        : $"{target.Class}.LoadUnsafe(ref {name}, {CodeWriter.Number(offset)})";

    /// <summary>Stores a vector at a fixed distance.</summary>
    public static string Store(VectorTarget target, string value, string name, int offset) => offset == 0
        ? $"{target.Class}.StoreUnsafe({value}, ref {name});"
        : $"{target.Class}.StoreUnsafe({value}, ref {name}, {CodeWriter.Number(offset)});";
}
