namespace NetGen.Benchmarks.Workloads;

/// <summary>A workload's two networks, which start with the same parameters, and the calls that are measured.</summary>
internal sealed class WorkloadCalls
{
    private readonly Workload _workload;
    private readonly WorkloadData _batch;

    public WorkloadCalls(Workload workload)
    {
        _workload = workload;
        _batch = new WorkloadData(workload, workload.BatchSize);
        NetGen = workload.CreateNetGen();
        Generic = workload.CreateGeneric();
        for (var layer = 0; layer < Generic.Layers.Count; layer++)
        {
            Generic.Layers[layer].SetParameters(Layers[layer].Weight.ToArray(), Layers[layer].Bias.ToArray());
        }
    }

    /// <summary>The weight and the bias of each dense layer and each convolution of the generated network.</summary>
    public IReadOnlyList<(Parameter Weight, Parameter Bias)> Layers =>
        [.. NetGen.Parameters.Zip(NetGen.Parameters.Skip(1)).Where(pair => pair.First.Shape.Length > 1)];

    /// <summary>Leaves out what is random, so that networks that draw otherwise can be compared.</summary>
    public void StopDropout()
    {
        Generic.DropoutRate = 0;
        if (NetGen is Keras784x500x50x10 keras)
        {
            keras.DropoutRate = 0;
        }
    }

    public ITrainableNetwork NetGen { get; }

    public Generic.GenericNetwork Generic { get; }

    /// <summary>One training step of the generated network.</summary>
    public Action NetGenStep()
    {
        var (inputs, targets, labels, net) = (_batch.Inputs, _batch.Targets, _batch.Labels, NetGen);
        return net is IClassifierNetwork classifier && _workload.Classifies
            ? () => classifier.TrainBatch(inputs, labels)
            : () => net.TrainBatch(inputs, targets);
    }

    /// <summary>One training step of the generic network.</summary>
    public Action GenericStep()
    {
        var (inputs, targets, labels, net) = (_batch.Inputs, _batch.Targets, _batch.Labels, Generic);
        return _workload.Classifies ? () => net.TrainBatch(inputs, labels) : () => net.TrainBatch(inputs, targets);
    }

    /// <summary>One prediction of the generated network.</summary>
    public Action NetGenPrediction(int samples)
    {
        var (data, net) = (new WorkloadData(_workload, samples), NetGen);
        return () => net.Predict(data.Inputs, data.Outputs);
    }

    /// <summary>One prediction of the generic network.</summary>
    public Action GenericPrediction(int samples)
    {
        var (data, net) = (new WorkloadData(_workload, samples), Generic);
        return () => net.Predict(data.Inputs, data.Outputs);
    }
}
