using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>Predictions: of any number of samples in a rented block, of one sample on the stack.</summary>
internal sealed partial class SurfaceEmitter
{
    private void Predict()
    {
        Summary("Runs the network forward on any number of samples, from any number of threads at once, without allocation.");
        _writer.Line("/// <param name=\"inputs\">n rows of <see cref=\"InputSize\"/> numbers.</param>");
        _writer.Line("/// <param name=\"outputs\">Takes n rows of <see cref=\"OutputSize\"/> numbers.</param>");
        using (_writer.Block($"public void Predict({Inputs}, global::System.Span<float> outputs)"))
        {
            _writer.Line($"var samples = {Support}.Check.Prediction(inputs, outputs, InputSize, OutputSize);");
            _writer.Line("ref var x = ref global::System.Runtime.InteropServices.MemoryMarshal.GetReference(inputs);");
            _writer.Line("ref var y = ref global::System.Runtime.InteropServices.MemoryMarshal.GetReference(outputs);");
            if (layout.SingleLength > 0)
            {
                using (_writer.Block("if (samples == 1)"))
                {
                    _writer.Line("netgenPredictOne(ref x, ref y);");
                    _writer.Line("return;");
                }

                _writer.Blank();
            }

            _writer.Line("var scratch = netgenScratch.Rent();");
            _writer.Line("ref var work = ref Clr::Unsafe.Add(ref global::System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(scratch.Block), scratch.Origin);");
            ForWidths(kernels => $"{kernels}.Predict(ref x, samples, ref netgenNetwork, ref work, ref y);");
            _writer.Line("netgenScratch.Return(scratch);");
        }

        _writer.Blank();
        if (layout.SingleLength > 0)
        {
            Summary("One sample's prediction. Its few values stand on the stack: taking turns at a block would cost as much as a small layer.");
            using (_writer.Block("private void netgenPredictOne(ref float x, ref float y)"))
            {
                _writer.Line($"global::System.Span<float> work = stackalloc float[{Number(layout.SingleLength)}];");
                ForWidths(kernels => $"{kernels}.PredictOne(ref x, ref netgenNetwork, ref global::System.Runtime.InteropServices.MemoryMarshal.GetReference(work), ref y);");
            }

            _writer.Blank();
        }
    }
}
