using BenchmarkDotNet.Attributes;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Micro;

/// <summary>One training step of each workload.</summary>
[MemoryDiagnoser]
public class StepBenchmarks
{
    private Action _generic = () => { };
    private Action _netgen = () => { };

    public static IEnumerable<string> Names => Workload.All.Select(w => w.Name);

    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var calls = new WorkloadCalls(Workload.Select(Name)[0]);
        (_generic, _netgen) = (calls.GenericStep(), calls.NetGenStep());
    }

    [Benchmark(Baseline = true)]
    public void Generic() => _generic();

    [Benchmark]
    public void NetGen() => _netgen();
}
