using Darkroom.Diffusion.Configuration;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>The options that diffusers' DPM-Solver classes share, read from a model's configuration.</summary>
internal sealed record DpmOptions(DpmAlgorithm Algorithm, int Order, bool Midpoint, bool LowerOrderFinal, bool EulerAtFinal)
{
    public bool PredictsNoise => Algorithm is DpmAlgorithm.DpmSolver or DpmAlgorithm.SdeDpmSolver;

    public bool DrawsNoise => Algorithm is DpmAlgorithm.SdeDpmSolver or DpmAlgorithm.SdeDpmSolverPlusPlus;

    /// <param name="config">algorithm_type, solver_order, solver_type, lower_order_final, euler_at_final.</param>
    /// <param name="lowerOrderFinal">The class's default.</param>
    /// <exception cref="NotSupportedException">A value is unknown; the message names it.</exception>
    public static DpmOptions Read(SamplerConfig config, bool lowerOrderFinal = true) => new(
        ParseAlgorithm(config.AlgorithmType), Math.Max(config.SolverOrder ?? 2, 1), IsMidpoint(config.SolverType),
        config.LowerOrderFinal ?? lowerOrderFinal, config.EulerAtFinal ?? false);

    // A configuration written for DEIS or UniPC names those solvers' types; diffusers then takes its own default.
    private static DpmAlgorithm ParseAlgorithm(string? name) => name switch
    {
        null or "dpmsolver++" or "deis" => DpmAlgorithm.DpmSolverPlusPlus,
        "dpmsolver" => DpmAlgorithm.DpmSolver,
        "sde-dpmsolver" => DpmAlgorithm.SdeDpmSolver,
        "sde-dpmsolver++" => DpmAlgorithm.SdeDpmSolverPlusPlus,
        _ => throw new NotSupportedException(
            $"algorithm_type '{name}' is unknown; known are dpmsolver, dpmsolver++, sde-dpmsolver, sde-dpmsolver++."),
    };

    private static bool IsMidpoint(string? name) => name switch
    {
        null or "midpoint" or "logrho" or "bh1" or "bh2" => true,
        "heun" => false,
        _ => throw new NotSupportedException($"solver_type '{name}' is unknown; known are midpoint, heun."),
    };
}
