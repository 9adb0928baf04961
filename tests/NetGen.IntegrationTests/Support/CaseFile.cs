using System.Text.Json;

namespace NetGen.IntegrationTests.Support;

/// <summary>A tensor of a case.</summary>
internal sealed record CaseTensor(int[] Shape, double[] Data);

/// <summary>One training step of a case. Labels are one-hot in <paramref name="Targets"/> and as they are in <paramref name="Labels"/>.</summary>
internal sealed record CaseStep(
    double[] X,
    double[] Targets,
    int[]? Labels,
    double[] Output,
    double Loss,
    double[]? InputGradient,
    IReadOnlyDictionary<string, CaseTensor>? Gradients,
    IReadOnlyDictionary<string, CaseTensor> ParametersAfter);

/// <summary>One of PyTorch's reference cases, as a declaration and the numbers that belong to it.</summary>
internal sealed record CaseFile(
    string Name,
    NetSpec Spec,
    IReadOnlyDictionary<string, CaseTensor> InitialParameters,
    IReadOnlyList<CaseStep> Steps,
    double[] PredictInput,
    double[] PredictOutput,
    IReadOnlyDictionary<string, CaseTensor> InitialBuffers,
    IReadOnlyDictionary<string, CaseTensor> FinalBuffers)
{
    /// <summary>The folder of the cases: NETGEN_CASES, else what lies beside the repository.</summary>
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("NETGEN_CASES") is { Length: > 0 } given
            ? given
            : Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "reference", "cases"));

    /// <summary>The names of all cases, in order; none without the folder.</summary>
    public static IReadOnlyList<string> Names { get; } =
        Directory.Exists(Folder)
            ? [.. Directory.EnumerateFiles(Folder, "*.json").Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>Reads a case.</summary>
    /// <exception cref="NotSupportedException">It has a layer, loss or option that NetGen has not yet; the message names it.</exception>
    public static CaseFile Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")));
        var root = document.RootElement;
        var spec = new NetSpec(
            Inputs(root.GetProperty("input_shape")),
            [.. root.GetProperty("network").EnumerateArray().Select(Layer)],
            Training(root));
        var predict = root.GetProperty("predict");
        return new CaseFile(
            name,
            spec,
            Tensors(root.GetProperty("initial_parameters")),
            [.. root.GetProperty("steps").EnumerateArray().Select(step => Step(step, spec.Outputs))],
            Data(predict.GetProperty("x")),
            Data(predict.GetProperty("output")),
            Tensors(root.GetProperty("initial_buffers")),
            Tensors(root.GetProperty("final_buffers")));
    }

    private static CaseStep Step(JsonElement step, int outputs)
    {
        var target = step.GetProperty("target");
        var targets = Data(target);
        var samples = step.GetProperty("output").GetProperty("shape")[0].GetInt32();
        int[]? labels = null;
        if (targets.Length == samples && outputs > 1)
        {
            labels = Array.ConvertAll(targets, t => (int)t);
            targets = TestData.OneHot(labels, outputs);
        }

        return new CaseStep(
            Data(step.GetProperty("x")),
            targets,
            labels,
            Data(step.GetProperty("output")),
            step.GetProperty("loss").GetDouble(),
            step.TryGetProperty("input_gradient", out var input) ? Data(input) : null,
            step.TryGetProperty("gradients", out var gradients) ? Tensors(gradients) : null,
            Tensors(step.GetProperty("parameters_after")));
    }

    private static int Inputs(JsonElement shape) =>
        shape.GetArrayLength() == 1 ? shape[0].GetInt32() : throw new NotSupportedException("input of several dimensions");

    private static LayerSpec Layer(JsonElement node, int index)
    {
        var operation = node.GetProperty("op").GetString();
        if (operation is not ("dense" or "activation" or "batchnorm" or "layernorm"))
        {
            throw new NotSupportedException($"layer {operation}");
        }

        if (node.TryGetProperty("from", out _) || node.GetProperty("name").GetString() != $"layer{index + 1}")
        {
            throw new NotSupportedException("named nodes");
        }

        if (operation is "batchnorm" or "layernorm")
        {
            return new NormSpec(operation == "batchnorm");
        }

        if (operation == "activation")
        {
            return new ActivationSpec(Function(node.GetProperty("kind")));
        }

        var function = node.TryGetProperty("activation", out var activation) ? Function(activation) : new FunctionSpec(Activation.Identity);
        return new DenseSpec(node.GetProperty("units").GetInt32(), function, !node.TryGetProperty("bias", out var bias) || bias.GetBoolean());
    }

    private static FunctionSpec Function(JsonElement name) => new(Pascal<Activation>(name.GetString()!));

    private static Loss LossOf(JsonElement root) => Pascal<Loss>(root.GetProperty("loss").GetString()!);

    private static TrainSpec Training(JsonElement root)
    {
        var optimizer = root.GetProperty("optimizer");
        var spec = new OptimizerSpec(Pascal<Optimizer>(optimizer.GetProperty("kind").GetString()!));
        double Number(string option) => optimizer.GetProperty(option).GetDouble();
        foreach (var option in optimizer.EnumerateObject())
        {
            spec = option.Name switch
            {
                "kind" or "lr" => spec,
                "momentum" => spec with { Momentum = Number("momentum") },
                "nesterov" => spec with { Nesterov = optimizer.GetProperty("nesterov").GetBoolean() },
                "weight_decay" => spec with { WeightDecay = Number("weight_decay") },
                "rho" => spec with { Rho = Number("rho") },
                "eps" => spec with { Epsilon = Number("eps") },
                "clip_norm" => spec with { ClipNorm = Number("clip_norm") },
                "clip_value" => spec with { ClipValue = Number("clip_value") },
                _ => throw new NotSupportedException($"optimizer {option.Name} {option.Value}"),
            };
        }

        return new TrainSpec(LossOf(root), root.GetProperty("batch").GetInt32(), Number("lr"), 1.0) { Optimizer = spec };
    }

    /// <summary>PyTorch's <c>leaky_relu</c> is our <c>LeakyReLU</c>.</summary>
    private static T Pascal<T>(string name)
        where T : struct, Enum =>
        Enum.TryParse<T>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var value)
            ? value
            : throw new NotSupportedException($"{typeof(T).Name} {name}");

    private static Dictionary<string, CaseTensor> Tensors(JsonElement tensors) =>
        tensors.EnumerateObject().ToDictionary(t => t.Name, t => new CaseTensor(Integers(t.Value.GetProperty("shape")), Data(t.Value)));

    private static double[] Data(JsonElement tensor) => [.. tensor.GetProperty("data").EnumerateArray().Select(v => v.GetDouble())];

    private static int[] Integers(JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetInt32())];
}
