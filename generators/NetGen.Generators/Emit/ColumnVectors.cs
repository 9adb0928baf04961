using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>A vector or two of features that go through the samples together, with what code over them has in common.</summary>
internal sealed class ColumnVectors(Columns columns, VectorTarget target)
{
    private string V => target.Class;

    /// <summary>The vectors' numbers.</summary>
    public IEnumerable<int> All => Enumerable.Range(0, columns.Step / target.Lanes);

    /// <summary>The first row of these features in a buffer of so many rows.</summary>
    public string InPanels(Buffer buffer, string rows) => TileEmitter.Ref(buffer.Name, columns.InPanels(rows));

    /// <summary>The place of a vector of what there is one of for each feature.</summary>
    public string Figure(Buffer buffer, int vector) => Figure(buffer.Name, vector);

    public string Figure(string name, int vector) => TileEmitter.Ref(name, Offset(vector));

    public string LoadFigure(Buffer buffer, int vector) => $"{V}.LoadUnsafe(ref {Figure(buffer, vector)})";

    /// <summary>A vector of the row at which a reference stands.</summary>
    public string Load(string name, int vector, int row = 0) => TileEmitter.Load(target, name, row * Buffer.PanelWidth + vector * target.Lanes);

    /// <summary>Declares the places in the batch of a row's features, sample·features + feature, and the step to the next row's.</summary>
    public void Indices(CodeWriter writer, int features)
    {
        foreach (var v in All)
        {
            writer.Line($"var index{v} = {V}.Create((uint)({Offset(v)})) + {V}<uint>.Indices;");
        }

        writer.Line($"var nextRow = {V}.Create({Number(features)}u);");
    }

    /// <summary>A value with zeros in the padding behind the features, which <see cref="DeclareValid"/> has told apart.</summary>
    public string Masked(string value, int vector, int features) => IsPadded(features) ? $"valid{vector} & ({value})" : value;

    /// <summary>Declares which lanes hold features, where some hold padding.</summary>
    public void DeclareValid(CodeWriter writer, int features)
    {
        foreach (var v in All.Where(_ => IsPadded(features)))
        {
            // No comparison of constants: with masks of 512 bits the JIT folds it wrongly.
            var valid = columns.IsSingle
                ? $"{V}.Create({string.Join(", ", Enumerable.Range(columns.Start + v * target.Lanes, target.Lanes).Select(column => column < features ? "-1" : "0"))})"
                : $"{V}.LessThan({V}.Create({Offset(v)}) + {V}<int>.Indices, {V}.Create({Number(features)}))";
            writer.Line($"var valid{v} = {V}.AsSingle({valid});");
        }
    }

    private bool IsPadded(int features) => columns.End > features;

    /// <summary>Declares scale = γ/√(σ² + ε) and shift = β − μ·scale.</summary>
    public void ScaleAndShift(CodeWriter writer, Normalization normalization, string suffix)
    {
        foreach (var v in All)
        {
            writer.Line($"var inverse{v} = {V}<float>.One / {V}.Sqrt(variance{v} + {V}.Create({Single(normalization.Epsilon)}));");
            writer.Line($"var scale{v} = inverse{v} * {V}.LoadUnsafe(ref {Figure(normalization.Weight.Name + suffix, v)});");
            writer.Line($"var shift{v} = {V}.MultiplyAddEstimate(-mean{v}, scale{v}, {V}.LoadUnsafe(ref {Figure(normalization.Bias.Name + suffix, v)}));");
        }
    }

    /// <summary>Declares sums over the samples: those of even and those of odd number, for one would wait for itself.</summary>
    public void Sums(CodeWriter writer, string name)
    {
        foreach (var v in All)
        {
            writer.Line($"var {name}Even{v} = {V}<float>.Zero;");
            writer.Line($"var {name}Odd{v} = {V}<float>.Zero;");
        }
    }

    public static string Total(string name, int vector) => $"{name}Even{vector} + {name}Odd{vector}";

    /// <summary>A loop over the rows that are samples.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="references">References to the first row, which stay there.</param>
    /// <param name="body">
    /// Writes what is done with a vector: of its number, of a sum's name (by the sum's stem), and of how a vector is loaded (by the reference).
    /// </param>
    public void OverSamples(CodeWriter writer, string[] references, Action<int, Func<string, string>, Func<string, string>> body) =>
        OverSamples(writer, references, (v, row, sum) => body(v, sum, name => Load(name + "At", v, row)));

    /// <param name="writer">Where to.</param>
    /// <param name="references">References to the first row; inside they are called <c>NAMEAt</c>.</param>
    /// <param name="body">Writes what is done with a vector of a row, 0 or 1, and of a sum's name.</param>
    public void OverSamples(CodeWriter writer, string[] references, Action<int, int, Func<string, string>> body)
    {
        using (writer.Block())
        {
            foreach (var name in references)
            {
                writer.Line($"ref var {name}At = ref {name};");
            }

            writer.Line("var row = 0;");
            using (writer.Block("for (; row + 2 <= samples; row += 2)"))
            {
                for (var row = 0; row < 2; row++)
                {
                    Vectors(row);
                }

                foreach (var name in references)
                {
                    TileEmitter.Move(writer, name + "At", 2 * Buffer.PanelWidth);
                }
            }

            writer.Blank();
            using (writer.Block("if (row < samples)"))
            {
                Vectors(0);
            }
        }

        void Vectors(int row)
        {
            foreach (var v in All)
            {
                using (writer.Block())
                {
                    body(v, row, stem => $"{stem}{(row == 0 ? "Even" : "Odd")}{v}");
                }
            }
        }
    }

    private string Offset(int vector) => columns.IsSingle
        ? Number(columns.Start + vector * target.Lanes)
        : vector == 0 ? "column" : $"column + {Number(vector * target.Lanes)}";
}
