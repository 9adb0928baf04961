using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>Where the rows that kernels read come from: the caller's own, bytes that are converted, or a data set's by index.</summary>
internal sealed partial class SurfaceEmitter
{
    private const string ByteInputs = "global::System.ReadOnlySpan<byte> inputs";

    /// <summary>A full batch is read where it is; one that is not full has no room for the rows beyond it.</summary>
    private static readonly Source Given = new(
        "inputs.Length",
        "samples == BatchSize ? ref global::System.Runtime.InteropServices.MemoryMarshal.GetReference(inputs) : ref netgenPadded(inputs)");

    /// <summary>A step that changes its inputs works on rows of its own.</summary>
    private Source GivenRows => program.ChangesInputs ? Given with { Rows = "netgenPadded(inputs)" } : Given;

    private ByteScale? Bytes => _declaration.Inputs.Select(input => input.Bytes).FirstOrDefault(bytes => bytes is not null);

    private string MoreContracts =>
        (Bytes is null ? "" : ", global::NetGen.IByteInputNetwork")
        + (split is null ? "" : $", {Support}.IParallelStep")
        + (_declaration.Train is null ? "" : string.Concat(program.Objectives.Select(objective => $", {RowContract(objective)}")));

    /// <summary>How a comment names the method: where there are two, by its parameters.</summary>
    private string PredictReference => Bytes is null ? "Predict" : "Predict(global::System.ReadOnlySpan{float}, global::System.Span{float})";

    private string Conversion => $"{Single(Bytes!.Scale)}, {Single(Bytes.Offset)}";

    private static string Sample(ByteScale bytes) => $"{Shortest(bytes.Scale)}·byte + {Shortest(bytes.Offset)}";

    private static string RowContract(Objective objective) => $"{Support}.ITrainsOnRows<{(objective.Labels ? "int" : "float")}>";

    private void PredictFromBytes()
    {
        if (Bytes is not { } bytes)
        {
            return;
        }

        _writer.Line($"float global::NetGen.IByteInputNetwork.Scale => {Single(bytes.Scale)};");
        _writer.Blank();
        _writer.Line($"float global::NetGen.IByteInputNetwork.Offset => {Single(bytes.Offset)};");
        _writer.Blank();
        var offset = layout.Prediction.First(p => p.Buffer.Name == AssignLayout.ByteInputs).Offset;
        var rows = Number(layout.ByteRows);
        Summary($"Runs the network forward on samples of bytes, each of which stands for {Sample(bytes)}.");
        _writer.Line("/// <param name=\"inputs\">n rows of <see cref=\"InputSize\"/> bytes.</param>");
        _writer.Line("/// <param name=\"outputs\">Takes n rows of <see cref=\"OutputSize\"/> numbers.</param>");
        using (_writer.Block($"public void Predict({ByteInputs}, global::System.Span<float> outputs)"))
        {
            _writer.Line($"var samples = {Support}.Check.BytePrediction(inputs, outputs, InputSize, OutputSize);");
            _writer.Line("var scratch = netgenScratch.Rent();");
            _writer.Line($"var rows = global::System.MemoryExtensions.AsSpan(scratch.Block, scratch.Origin + {Number(offset)}, {rows} * InputSize);");
            _writer.Line("ref var x = ref global::System.Runtime.InteropServices.MemoryMarshal.GetReference(rows);");
            _writer.Line("ref var work = ref Clr::Unsafe.Add(ref global::System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(scratch.Block), scratch.Origin);");
            using (_writer.Block($"for (var start = 0; start < samples; start += {rows})"))
            {
                _writer.Line($"var count = global::System.Math.Min(samples - start, {rows});");
                _writer.Line($"{Support}.ByteRows.Convert(inputs.Slice(start * InputSize, count * InputSize), {Conversion}, rows);");
                _writer.Line("ref var y = ref global::System.Runtime.InteropServices.MemoryMarshal.GetReference(outputs.Slice(start * OutputSize));");
                ForWidths(kernels => $"{kernels}.Predict(ref x, count, ref netgenNetwork, ref work, ref y);");
            }

            _writer.Line("netgenScratch.Return(scratch);");
        }

        _writer.Blank();
    }

    private void TrainFromBytes(Objective objective)
    {
        if (Bytes is not { } bytes)
        {
            return;
        }

        Summary($"One training step on bytes, each of which stands for {Sample(bytes)}.");
        _writer.Line("/// <param name=\"inputs\">1 to <see cref=\"BatchSize\"/> rows of <see cref=\"InputSize\"/> bytes.</param>");
        _writer.Line(TargetDoc(objective));
        _writer.Line("/// <returns>The mean loss of these samples before the update.</returns>");
        using (_writer.Block($"public float TrainBatch({ByteInputs}, {TargetParameter(objective)})"))
        {
            Exclusively(objective, new("inputs.Length", "netgenConverted(inputs)"), () => Step(objective));
        }

        _writer.Blank();
    }

    private void TrainOnRows(Objective objective)
    {
        using (_writer.Block($"float {RowContract(objective)}.TrainRows({Support}.IBatchRows rows, {TargetParameter(objective)})"))
        {
            Exclusively(objective, new("rows.Count * InputSize", "netgenGathered(rows, samples)"), () => Step(objective));
        }
    }

    /// <summary>What writes to the network's own input rows, which have room for a full batch.</summary>
    private void OwnRows()
    {
        var offset = layout.Training.First(p => p.Buffer.Name == AssignLayout.PartialInputs).Offset;
        Summary("Copies a batch that is not full to where a full one has room; the rows beyond it become zero.");
        using (_writer.Block($"private ref float netgenPadded({Inputs})"))
        {
            Own("inputs.CopyTo(own);", "inputs.Length");
        }

        _writer.Blank();
        Summary("The network's own input rows, filled by whoever has them; the rows beyond the samples become zero.");
        using (_writer.Block($"private ref float netgenGathered({Support}.IBatchRows rows, int samples)"))
        {
            Own("rows.CopyTo(own);", "samples * InputSize");
        }

        if (Bytes is not null)
        {
            _writer.Blank();
            Summary("The network's own input rows, converted from bytes; the rows beyond the samples become zero.");
            using (_writer.Block($"private ref float netgenConverted({ByteInputs})"))
            {
                Own($"{Support}.ByteRows.Convert(inputs, {Conversion}, own);", "inputs.Length");
            }
        }

        void Own(string fill, string length)
        {
            _writer.Line($"var own = global::System.MemoryExtensions.AsSpan(netgenBlock, netgenOrigin + {Number(offset)}, BatchSize * InputSize);");
            _writer.Line(fill);
            _writer.Line($"own.Slice({length}).Clear();");
            _writer.Line("return ref global::System.Runtime.InteropServices.MemoryMarshal.GetReference(own);");
        }
    }

    /// <summary>A step's inputs.</summary>
    /// <param name="Length">The expression for the count of numbers.</param>
    /// <param name="Rows">The expression for the reference to the first.</param>
    private sealed record Source(string Length, string Rows);
}
