using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace NetGen.CompilerServices;

/// <summary>
/// The threads that training steps share: one team for the process, whose helpers wait for work by spinning for a while and then
/// parking. A step that finds the team at work on another network runs on its caller alone. For generated code.
/// </summary>
/// <remarks>
/// A step's stages are cut into parts. Each thread takes parts that nobody has begun, its own first so that its core's cache knows
/// them, and waits then until the stage is done. So a helper that comes late, or not at all, costs nothing: its caller has done its
/// parts meanwhile. Only a thread that stands still in the middle of a part is waited for; where that happens often, the step's
/// <see cref="StepPace"/> tells.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StepTeam
{
    /// <summary>The most threads of a step.</summary>
    public const int MostThreads = 64;

    private const int Stages = (int)StepStage.Constraint + 1;

    /// <summary>How often a helper looks for work before it parks: some 100 us, longer than what lies between two steps of a loop.</summary>
    private const int SpinsBeforeParking = 4000;

    /// <summary>How often a thread looks for the others before it gives up its time slice: they may wait for this very core.</summary>
    private const int SpinsBeforeYielding = 2000;

    private static readonly StepTeam Shared = new();

    private readonly Helper?[] _helpers = new Helper?[MostThreads];
    private readonly PartState[] _parts = new PartState[MostThreads];
    private IParallelStep? _step;
    private ExceptionDispatchInfo? _failure;
    private long _failedAt = long.MaxValue;
    private int _isBusy;
    private nint _inputs;
    private nint _targets;

    // The number of the job, then its last stage and its parts, a byte each: read as one, so that a helper that comes too late for a job can take
    // no part of the next one for one of it.
    private long _job;

    private StepTeam()
    {
    }

    /// <summary>The parts of the step that runs.</summary>
    public int Parts { get; private set; }

    /// <summary>The samples of the step.</summary>
    public int Samples { get; private set; }

    /// <summary>Whether the targets are labels.</summary>
    public bool OnLabels { get; private set; }

    /// <summary>The step's mean loss: written by the part of <see cref="StepStage.Loss"/>.</summary>
    public float Loss { get; set; }

    /// <summary>The step's inputs.</summary>
    public unsafe ref float Inputs => ref Unsafe.AsRef<float>((void*)_inputs);

    /// <summary>The step's targets.</summary>
    public unsafe ref float Targets => ref Unsafe.AsRef<float>((void*)_targets);

    /// <summary>The step's labels.</summary>
    public unsafe ref int Labels => ref Unsafe.AsRef<int>((void*)_targets);

    /// <summary>Runs a step on several threads, or on one to learn how long that takes.</summary>
    /// <param name="step">The step.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="targets">Its targets.</param>
    /// <param name="samples">Its samples.</param>
    /// <param name="loss">The mean loss.</param>
    /// <returns>False if the step was not run: one thread is the limit, or sooner done than several, or the team is busy.</returns>
    public static unsafe bool TryRun(IParallelStep step, ref float inputs, ref float targets, int samples, out float loss)
    {
        fixed (float* x = &inputs, t = &targets)
        {
            return Shared.TryRun(step, (nint)x, (nint)t, samples, onLabels: false, out loss);
        }
    }

    /// <summary>The same on labels.</summary>
    public static unsafe bool TryRun(IParallelStep step, ref float inputs, ref int labels, int samples, out float loss)
    {
        fixed (float* x = &inputs)
        fixed (int* t = &labels)
        {
            return Shared.TryRun(step, (nint)x, (nint)t, samples, onLabels: true, out loss);
        }
    }

    /// <summary>Where a part of a count starts, in whole units but for the end; part <paramref name="parts"/> starts at the end.</summary>
    public static int Share(int count, int unit, int part, int parts) =>
        part == parts ? count : (int)((long)(count / unit) * part / parts) * unit;

    private bool TryRun(IParallelStep step, nint inputs, nint targets, int samples, bool onLabels, out float loss)
    {
        loss = 0;
        var parts = NetworkThreads.Limit;
        var start = Stopwatch.GetTimestamp();
        if (parts == 1 || step.Pace.Rests(start, parts) || Interlocked.CompareExchange(ref _isBusy, 1, 0) != 0)
        {
            return false;
        }

        try
        {
            (_step, _inputs, _targets, Samples, OnLabels) = (step, inputs, targets, samples, onLabels);
            if (step.Pace.IsShared)
            {
                RunShared(parts);
            }
            else
            {
                RunAlone();
            }

            var end = Stopwatch.GetTimestamp();
            step.Pace.Add(end, end - start);
            loss = Loss;
            return true;
        }
        finally
        {
            // The network is not kept alive by a team that idles.
            _step = null;
            Volatile.Write(ref _isBusy, 0);
        }
    }

    private void RunAlone()
    {
        Parts = 1;
        for (var stage = StepStage.Forward; stage <= _step!.LastStage; stage++)
        {
            _step.RunPart(this, stage, 0);
        }
    }

    private void RunShared(int parts)
    {
        for (var i = 1; i < parts; i++)
        {
            _helpers[i] ??= new Helper(this, i);
        }

        (Parts, _failure, _failedAt) = (parts, null, long.MaxValue);
        var job = ((_job >> 16) + 1) << 16 | (long)_step!.LastStage << 8 | (long)parts;
        Interlocked.Exchange(ref _job, job);
        for (var i = 1; i < parts; i++)
        {
            _helpers[i]!.Wake();
        }

        Work(job, 0);
        if (_failure is not null)
        {
            Abandon(job);
            _failure.Throw();
        }
    }

    /// <summary>Goes through a job's stages. A helper may do so after the job has ended: it finds every part taken and done.</summary>
    /// <param name="job">The job.</param>
    /// <param name="thread">The thread's number, which is that of its own part.</param>
    private void Work(long job, int thread)
    {
        // Of a job that has ended this may be another's step, or nothing; but then no part can be taken.
        var step = _step;
        var parts = (int)(job & 0xff);
        var last = (StepStage)(job >> 8 & 0xff);
        for (var stage = StepStage.Forward; stage <= last; stage++)
        {
            var stamp = Stamp(job, stage);
            var count = stage is StepStage.Loss or StepStage.Norm ? 1 : parts;
            for (var i = 0; i < count; i++)
            {
                var part = (thread + i) % count;
                if (TryTake(ref _parts[part].Taken, stamp))
                {
                    RunPart(step!, stage, part, stamp);
                    Volatile.Write(ref _parts[part].Done, stamp);
                }
            }

            for (var part = 0; part < count; part++)
            {
                Wait(ref _parts[part].Done, stamp);
            }

            // A later stage's failure is not seen yet: who is ahead may have begun that stage, and its parts are still to be waited for.
            if (Volatile.Read(ref _failedAt) <= stamp)
            {
                return;
            }
        }
    }

    private void RunPart(IParallelStep step, StepStage stage, int part, long stamp)
    {
        try
        {
            step.RunPart(this, stage, part);
        }
        catch (Exception exception)
        {
            // All failures of a job are of one stage, for none begins after one that failed.
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            Volatile.Write(ref _failedAt, stamp);
        }
    }

    /// <summary>After a failure: nobody is at work, for a stage ends before the failure is looked for, and nobody may take a part of a later stage.</summary>
    private void Abandon(long job)
    {
        for (var part = 0; part < Parts; part++)
        {
            Volatile.Write(ref _parts[part].Taken, Stamp(job, StepStage.Constraint));
            Volatile.Write(ref _parts[part].Done, Stamp(job, StepStage.Constraint));
        }
    }

    /// <summary>A number that grows from stage to stage and from job to job.</summary>
    private static long Stamp(long job, StepStage stage) => (job >> 16) * Stages + (long)stage;

    private static bool TryTake(ref long taken, long stamp)
    {
        var last = Volatile.Read(ref taken);
        return last < stamp && Interlocked.CompareExchange(ref taken, stamp, last) == last;
    }

    /// <summary>Waits until a part of a stage is done.</summary>
    private static void Wait(ref long done, long stamp)
    {
        for (var spins = 0; Volatile.Read(ref done) < stamp; spins++)
        {
            if (spins < SpinsBeforeYielding)
            {
                Thread.SpinWait(1);
            }
            else
            {
                Thread.Yield();
            }
        }
    }

    /// <summary>The last stamp under which a part was taken, and under which it was done: on cache lines of their own.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct PartState
    {
        public long Taken;
        public long Done;
    }

    /// <summary>One thread beside the caller's.</summary>
    private sealed class Helper
    {
        private readonly StepTeam _team;
        private readonly int _thread;
        private readonly SemaphoreSlim _wake = new(0);
        private int _isParked;

        public Helper(StepTeam team, int thread)
        {
            (_team, _thread) = (team, thread);

            // The thread starts before its first job is published in the eyes of this helper: job 0 has no parts.
            new Thread(Run) { IsBackground = true, Name = $"NetGen step {thread}" }.Start();
        }

        /// <summary>Wakes the helper if it sleeps; one that spins sees the job by itself.</summary>
        public void Wake()
        {
            if (Interlocked.CompareExchange(ref _isParked, 0, 1) == 1)
            {
                _wake.Release();
            }
        }

        private void Run()
        {
            long seen = 0;
            while (true)
            {
                seen = Next(seen);
                if (_thread < (seen & 0xff))
                {
                    _team.Work(seen, _thread);
                }
            }
        }

        /// <summary>The next job after the one that was seen.</summary>
        private long Next(long seen)
        {
            for (var spins = 0; ; spins++)
            {
                var job = Volatile.Read(ref _team._job);
                if (job != seen)
                {
                    return job;
                }

                if (spins < SpinsBeforeParking)
                {
                    Thread.SpinWait(1);
                    continue;
                }

                // Parked first, looked once more then: a job that comes in between either is seen or finds the helper parked.
                Interlocked.Exchange(ref _isParked, 1);
                if (Volatile.Read(ref _team._job) == seen || Interlocked.CompareExchange(ref _isParked, 0, 1) == 0)
                {
                    _wake.Wait();
                }

                spins = 0;
            }
        }
    }
}
