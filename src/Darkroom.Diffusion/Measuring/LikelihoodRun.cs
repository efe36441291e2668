using Darkroom.Diffusion.Noise;

namespace Darkroom.Diffusion.Measuring;

/// <summary>
/// How likely a model finds a picture: the probability-flow ODE carries it to the prior, and the divergence along the way says how densities change (Song et
/// al. 2021, "Score-based generative modeling through stochastic differential equations", section 4.3).
/// </summary>
/// <remarks>
/// With θ = atan(σ/α) and x = x₀·cos θ + ε·sin θ the ODE is dx/dθ = v(x, θ), the velocity cos θ·ε − sin θ·x₀ of Salimans and Ho (2022), and
/// d ln p/dθ = −∇·v, so that ln p(x at 0) = ln p(x at the end) + ∫ ∇·v dθ. Data of unit variance has v = 0, and what is near it has little, whatever the model
/// predicts. The divergence is Hutchinson's: the mean of wᵀ(∂ε/∂y)w over random signs w, y = x/cos θ, by a central difference of two evaluations, whose mean is
/// the ODE's slope as well; so every step costs two evaluations for each probe and no more. The state moves by the two-step rule of Adams and Bashforth in θ;
/// the integral is a trapezoid in ln tan θ, where the integrand falls to 0 at both ends. At the end stands the prior of training, x ~ N(0, 1).
/// </remarks>
public sealed class LikelihoodRun : MeasuringRun
{
    /// <summary>Noise beyond this says nothing about a picture, and below it is less than the cells of 8 bits: levels outside are left out.</summary>
    private const double MinRatio = 0.005, MaxRatio = 80;

    /// <summary>A probe's length as a share of the noise level: a hundredth lies far above float32's rounding, and far below where ε bends.</summary>
    private const double Reach = 0.02;

    private readonly TrainingLevels levels;
    private readonly IReadOnlyList<int> timesteps;
    private readonly double logCell; // ln of the volume of a value's cell; 0 where the data has none
    private readonly MersenneTwister generator;
    private readonly int together;
    private readonly double[] state; // x
    private readonly double[] slope, before; // ε and then v here, and v at the node before
    private readonly float[] noise;
    private readonly float[][] probes; // of this node
    private readonly float[][] inputs; // of the evaluations that are wanted
    private readonly double[] divergence, divergenceBefore, integral; // by probe; ∇·v·dθ/d ln s
    private readonly List<MeasuringPoint> wanted = [];
    private int node, first; // the first probe that is wanted now
    private double prior; // ln p at the end

    /// <param name="levels">Of the model.</param>
    /// <param name="steps">Steps of the ODE, at least 1.</param>
    /// <param name="probes">Of the divergence at each step, at least 1.</param>
    /// <param name="clean">The picture's values or latents. // [C, h, w]</param>
    /// <param name="cell">Distance of two neighbouring values of the data, which are spread over it at random; null: the data is continuous.</param>
    /// <param name="seed">Of the probes, and of the spread.</param>
    /// <param name="together">Evaluations that are wanted at once, at most; at least 2.</param>
    public LikelihoodRun(TrainingLevels levels, int steps, int probes, ReadOnlySpan<float> clean, double? cell, uint seed, int together)
    {
        ArgumentNullException.ThrowIfNull(levels);
        this.levels = levels;
        timesteps = levels.Spread(steps + 1, MinRatio, MaxRatio);
        generator = new MersenneTwister(seed);
        this.together = Math.Max(1, together / 2);
        logCell = cell is { } width ? Math.Log(width) : 0;
        state = new double[clean.Length];
        double signal = Math.Cos(Math.Atan(RatioAt(0))); // the data stands for what has the least noise
        for (int i = 0; i < state.Length; i++) state[i] = signal * (clean[i] + (cell is { } side ? side * (generator.Next() / 4294967296.0 - 0.5) : 0));
        (slope, before, noise) = (new double[clean.Length], new double[clean.Length], new float[clean.Length]);
        int length = clean.Length;
        this.probes = [.. Enumerable.Range(0, probes).Select(_ => new float[length])];
        inputs = [.. Enumerable.Range(0, 2 * Math.Min(probes, this.together)).Select(_ => new float[length])];
        (divergence, divergenceBefore, integral) = (new double[probes], new double[probes], new double[probes]);
        BeginNode();
        Want();
    }

    public override IReadOnlyList<MeasuringPoint> Wanted => wanted;

    public override double Timestep => levels[timesteps[node]].Timestep;

    public override int StepsDone => Math.Min(node, Steps);

    public override int Steps => timesteps.Count - 1;

    /// <summary>ln of the picture's probability, or of its density where the data is continuous; nats.</summary>
    public double LogLikelihood => prior + integral.Average() + state.Length * logCell;

    /// <summary>Standard error of <see cref="LogLikelihood"/> over the probes; null where there is one alone.</summary>
    public double? Error
    {
        get
        {
            if (integral.Length < 2) return null;
            double mean = integral.Average();
            return Math.Sqrt(integral.Sum(one => (one - mean) * (one - mean)) / (integral.Length - 1) / integral.Length);
        }
    }

    /// <summary>Values of the picture.</summary>
    public int Length => state.Length;

    public override void Take(IReadOnlyList<ReadOnlyMemory<float>> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var level = levels[timesteps[node]];
        for (int pair = 0; pair < wanted.Count / 2; pair++)
        {
            float[] signs = probes[first + pair];
            double sum = 0;
            level.Noise(noise, inputs[2 * pair], answers[2 * pair].Span);
            for (int i = 0; i < noise.Length; i++)
            {
                slope[i] += noise[i];
                sum += (double)signs[i] * noise[i];
            }
            level.Noise(noise, inputs[2 * pair + 1], answers[2 * pair + 1].Span);
            for (int i = 0; i < noise.Length; i++)
            {
                slope[i] += noise[i];
                sum -= (double)signs[i] * noise[i];
            }
            double ratio = level.Ratio;
            // dθ/d ln s = s/(1 + s²), and ∇·v = (1 + s²)·∇·ε − s·n over y; the probe's length was Reach · s
            divergence[first + pair] = sum / (2 * Reach) - ratio * ratio / (1 + ratio * ratio) * state.Length;
        }
        first += wanted.Count / 2;
        if (first == probes.Length) EndNode();
        Want();
    }

    private void BeginNode()
    {
        first = 0;
        Array.Clear(slope);
        foreach (float[] probe in probes)
            for (int i = 0; i < probe.Length; i += 32)
            {
                uint bits = generator.Next();
                for (int k = 0; k < Math.Min(32, probe.Length - i); k++) probe[i + k] = (bits >> k & 1) == 0 ? -1 : 1;
            }
    }

    private void EndNode()
    {
        double here = RatioAt(node), angle = Math.Atan(here), signal = Math.Cos(angle), share = Math.Sin(angle);
        for (int i = 0; i < slope.Length; i++)
        {
            double noise = slope[i] / (2 * probes.Length), clean = (state[i] - share * noise) / signal;
            slope[i] = signal * noise - share * clean;
        }
        if (node > 0)
        {
            double width = Math.Log(here / RatioAt(node - 1));
            for (int probe = 0; probe < probes.Length; probe++) integral[probe] += width * (divergence[probe] + divergenceBefore[probe]) / 2;
        }
        if (node == Steps)
        {
            double toData = Math.Log(Math.Cos(Math.Atan(RatioAt(0)))); // the data was scaled by this at the start
            prior = -0.5 * (state.Sum(value => value * value) + state.Length * Math.Log(2 * Math.PI)) + state.Length * toData;
            node++;
            return;
        }
        double step = Math.Atan(RatioAt(node + 1)) - angle;
        double more = node == 0 ? 0 : step / (2 * (angle - Math.Atan(RatioAt(node - 1))));
        for (int i = 0; i < state.Length; i++)
        {
            state[i] += step * (slope[i] + more * (slope[i] - before[i]));
            before[i] = slope[i];
        }
        divergence.CopyTo(divergenceBefore, 0);
        node++;
        BeginNode();
    }

    private void Want()
    {
        wanted.Clear();
        if (node > Steps) return;
        var level = levels[timesteps[node]];
        double reach = Reach * level.Ratio, scale = 1 / Math.Cos(Math.Atan(level.Ratio)); // y = x · scale
        for (int pair = 0; pair < Math.Min(together, probes.Length - first); pair++)
        {
            float[] signs = probes[first + pair], above = inputs[2 * pair], below = inputs[2 * pair + 1];
            for (int i = 0; i < signs.Length; i++)
            {
                above[i] = (float)(level.Alpha * (scale * state[i] + reach * signs[i]));
                below[i] = (float)(level.Alpha * (scale * state[i] - reach * signs[i]));
            }
            wanted.Add(new(0, above));
            wanted.Add(new(0, below));
        }
    }

    private double RatioAt(int which) => levels[timesteps[which]].Ratio;
}
