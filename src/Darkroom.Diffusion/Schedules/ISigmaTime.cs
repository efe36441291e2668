namespace Darkroom.Diffusion.Schedules;

/// <summary>How a program turns a noise level into the timestep that it tells the network.</summary>
public interface ISigmaTime
{
    /// <summary>The timestep of a positive noise level, in training timesteps; fractional where the program works so.</summary>
    double TimestepOf(double sigma);
}

/// <summary>Timesteps of straight-path models: σ itself, 0…1, times the training steps.</summary>
public sealed class FlowTime(double trainingSteps = 1000) : ISigmaTime
{
    public double TimestepOf(double sigma) => sigma * trainingSteps;
}
