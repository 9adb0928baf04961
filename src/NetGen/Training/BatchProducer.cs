namespace NetGen;

/// <summary>Makes the samples of one training step.</summary>
/// <param name="inputs">To be filled whole: <see cref="ITrainableNetwork.BatchSize"/> rows of <see cref="INetwork.InputSize"/> numbers.</param>
/// <param name="targets">To be filled whole: as many rows of <see cref="ITrainableNetwork.TargetSize"/> numbers.</param>
public delegate void BatchProducer(Span<float> inputs, Span<float> targets);

/// <summary>Makes the samples of one training step, with labels.</summary>
/// <param name="inputs">To be filled whole: <see cref="ITrainableNetwork.BatchSize"/> rows of <see cref="INetwork.InputSize"/> numbers.</param>
/// <param name="labels">To be filled whole: the class of each row, 0 … <see cref="INetwork.OutputSize"/> − 1.</param>
public delegate void LabeledBatchProducer(Span<float> inputs, Span<int> labels);
