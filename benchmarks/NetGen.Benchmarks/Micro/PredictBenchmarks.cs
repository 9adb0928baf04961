using BenchmarkDotNet.Attributes;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Micro;

/// <summary>One prediction of each workload.</summary>
[MemoryDiagnoser]
public class PredictBenchmarks
{
    private Action _generic = () => { };
    private Action _netgen = () => { };

    public static IEnumerable<string> Names => Workload.All.Select(w => w.Name);

    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    [Params(1, 256)]
    public int Samples { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var calls = new WorkloadCalls(Workload.Select(Name)[0]);
        (_generic, _netgen) = (calls.GenericPrediction(Samples), calls.NetGenPrediction(Samples));
    }

    [Benchmark(Baseline = true)]
    public void Generic() => _generic();

    [Benchmark]
    public void NetGen() => _netgen();
}
