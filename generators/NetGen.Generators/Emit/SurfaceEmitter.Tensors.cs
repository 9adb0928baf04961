using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Support;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>The tensors that users see: parameters, and buffers that no gradient trains.</summary>
internal sealed partial class SurfaceEmitter
{
    private void TensorFields()
    {
        _writer.Line("private readonly global::NetGen.Parameter[] netgenParameters;");
        if (program.States.Count > 0)
        {
            _writer.Line("private readonly global::NetGen.Parameter[] netgenBuffers;");
        }
    }

    private void TensorProperties()
    {
        Summary("The parameters in the order of the layers, by PyTorch's names and in PyTorch's layouts.");
        _writer.Line($"public {Tensors} Parameters => netgenParameters;");
        _writer.Blank();
        Summary($"Numbers beside the parameters that no gradient trains: {(program.States.Count == 0 ? "none in this network" : "running means and variances")}.");
        _writer.Line($"public {Tensors} Buffers => {(program.States.Count == 0 ? "global::System.Array.Empty<global::NetGen.Parameter>()" : "netgenBuffers")};");
    }

    private void CreateTensors(string field, EquatableArray<Tensor> tensors, EquatableArray<Placement> placements)
    {
        using (_writer.Block($"{field} = new global::NetGen.Parameter[]", "};"))
        {
            for (var i = 0; i < tensors.Count; i++)
            {
                _writer.Line(Parameter(tensors[i], "", placements[i].Offset));
            }
        }
    }

    private static string Parameter(Tensor tensor, string suffix, int offset)
    {
        var shape = string.Join(", ", tensor.Shape.Select(Number));
        var kind = tensor.Buffer.Storage == Storage.WeightPanels
            ? $"Panels({Number(tensor.Buffer.Rows)}, {Number(tensor.Buffer.Columns)}, {Number(tensor.Buffer.LastPanelWidth)})"
            : $"Vector({Number(tensor.Buffer.Columns)})";
        return $"{Support}.NetworkMemory.CreateParameter(\"{tensor.Name}{suffix}\", new int[] {{ {shape} }}, netgenBlock, netgenOrigin + {Number(offset)}, {Support}.ParameterLayout.{kind}{(tensor.IsFrozen ? ", isFrozen: true" : "")}),";
    }

    private void Initialize(string field, EquatableArray<Tensor> tensors)
    {
        for (var i = 0; i < tensors.Count; i++)
        {
            var tensor = tensors[i];
            _writer.Line($"{Support}.Initialization.Initialize({field}[{Number(i)}], global::NetGen.Initializer.{tensor.Initializer}, {Number(tensor.FanIn)}, {Number(tensor.FanOut)}, ref random);");
        }
    }
}
