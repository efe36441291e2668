using Darkroom.Diffusion.Schedules.KDiffusion;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>The way of a Restart run.</summary>
/// <param name="Sigmas">The levels of the main descent.</param>
/// <param name="Steps">Every step in order; where one starts above the end of the one before, noise is added between.</param>
internal sealed record RestartPlan(IReadOnlyList<double> Sigmas, IReadOnlyList<(double From, double To)> Steps)
{
    /// <param name="sigmas">The schedule; with the automatic list of 20 steps or more it is replaced by fewer Karras levels, so that the count stays.</param>
    /// <param name="jumps">
    /// Null for A1111's automatic list: none below 20 steps, 9 extra steps below 36, else twice a quarter of the steps, from 0.1 up to 2.
    /// </param>
    public static RestartPlan Of(IReadOnlyList<double> sigmas, IReadOnlyList<RestartJump>? jumps)
    {
        if (jumps is null)
        {
            int count = sigmas.Count - 1;
            jumps = [];
            if (count >= 20)
            {
                var (inner, times) = count >= 36 ? (count / 4, 2) : (9, 1);
                sigmas = KarrasLevels.Make(count - inner * times, sigmas[^2], sigmas[0]);
                jumps = [new(0.1, inner + 1, times, 2)];
            }
        }
        var at = new Dictionary<int, RestartJump>();
        foreach (var jump in jumps)
            at[Nearest(sigmas, jump.At)] = jump;

        var steps = new List<(double From, double To)>();
        for (int i = 1; i < sigmas.Count; i++)
        {
            steps.Add((sigmas[i - 1], sigmas[i]));
            if (!at.TryGetValue(i, out var jump) || Nearest(sigmas, jump.Top) is var top && top >= i) continue;
            double[] ladder = KarrasLevels.Make(jump.Levels, sigmas[i], sigmas[top]);
            for (int time = 0; time < jump.Times; time++)
                for (int rung = 1; rung < jump.Levels; rung++)
                    steps.Add((ladder[rung - 1], ladder[rung]));
        }
        return new(sigmas, steps);
    }

    /// <summary>Index of the level nearest to <paramref name="sigma"/>, the first of equals.</summary>
    private static int Nearest(IReadOnlyList<double> sigmas, double sigma)
    {
        int best = 0;
        for (int i = 1; i < sigmas.Count; i++)
            if (MathF.Abs((float)sigmas[i] - (float)sigma) < MathF.Abs((float)sigmas[best] - (float)sigma)) best = i;
        return best;
    }
}
