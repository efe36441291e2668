using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>diffusers' DPMSolverMultistepScheduler: DPM++ 2M, 3M, their SDE forms and the older ε forms, on a variance-preserving or flow model.</summary>
internal sealed class DPMSolverMultistep : DpmMultistep
{
    private static readonly SolverScheduleRules Rules = new()
    {
        Spacing = true, LambdaClip = true, ZeroSnr = true, LuLambdas = true, FinalSigma = true, GivenTimesteps = true, CutsOnCosine = true,
    };

    private DPMSolverMultistep(SamplerConfig config, DpmOptions options, SolverSchedule schedule)
        : base(SolverTables.Create(config, schedule), options, schedule.EndsAtZero)
    {
    }

    public static DPMSolverMultistep Create(SamplerConfig config, SamplerRun run)
    {
        var options = DpmOptions.Read(config);
        if (options is { Algorithm: DpmAlgorithm.SdeDpmSolver, Order: > 2 })
            throw new NotSupportedException($"solver_order {options.Order} is unknown for algorithm_type sde-dpmsolver; known are 1, 2.");
        return new(config, options, SolverSchedule.Create(config, run, Rules));
    }
}
