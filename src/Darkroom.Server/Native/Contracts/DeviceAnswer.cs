using Darkroom.Server.Wire;

namespace Darkroom.Server.Native.Contracts;

/// <summary>Devices that make pictures.</summary>
/// <param name="Data">This process's, then those of others.</param>
public sealed record DeviceList(IReadOnlyList<DeviceAnswer> Data)
{
    /// <summary>What this is, as OpenAI's lists say it.</summary>
    [WireValue("list")]
    public string Object => "list";
}

/// <summary>One device.</summary>
public sealed record DeviceAnswer
{
    /// <summary>The process that has it, where that is another one; absent for this process's own.</summary>
    public string? Worker { get; init; }

    /// <summary>Its number in its process, from 0.</summary>
    public required int Index { get; init; }

    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    [WireName("DeviceKind")]
    public required string Kind { get; init; }

    /// <summary>CUDA's number of it; 0 for a CPU.</summary>
    public required int Id { get; init; }

    /// <summary>What the device is called by its driver.</summary>
    public required string Name { get; init; }

    /// <summary><c>idle</c>, <c>working</c>, <c>given_up</c>, or <c>unknown</c> where another process has it or the engine does not answer.</summary>
    [WireName("DeviceState")]
    public required string State { get; init; }

    /// <summary>Threads of a call that has the device alone.</summary>
    public required int Threads { get; init; }

    /// <summary>Pictures of one denoiser call at most.</summary>
    public required int MaxBatch { get; init; }

    /// <summary>Whether usage tells its energy; absent where that is not known here.</summary>
    public bool? TellsEnergy { get; init; }

    /// <summary>Its memory.</summary>
    public required DeviceMemoryAnswer Memory { get; init; }

    /// <summary>Models and upscalers with parts in its memory.</summary>
    public required IReadOnlyList<ResidentModelAnswer> Models { get; init; }

    /// <summary>Calls that run.</summary>
    public required IReadOnlyList<RunningCallAnswer> Calls { get; init; }

    /// <summary>Calls that were made smaller after they ran out of memory.</summary>
    public required IReadOnlyList<BatchLimitAnswer> BatchLimits { get; init; }
}

/// <summary>Memory in bytes; what is not known here is absent.</summary>
/// <param name="Weights">Of parts that are in the device's memory.</param>
/// <param name="WeightsLimit">That those may have; absent where none is set.</param>
/// <param name="Process">Of a CPU: what the whole process has of the machine's memory.</param>
public sealed record DeviceMemoryAnswer(long? Weights, long? WeightsLimit, ProcessMemoryAnswer? Process);

/// <summary>Memory of the process, in bytes, over all its devices that share the machine's.</summary>
/// <param name="Limit">For weights and calls together.</param>
/// <param name="Weights">In memory.</param>
/// <param name="Calls">That calls which run said they need.</param>
/// <param name="CallsLimit">That calls may have now.</param>
public sealed record ProcessMemoryAnswer(long Limit, long Weights, long Calls, long CallsLimit);

/// <summary>A model or upscaler with parts in a device's memory.</summary>
/// <param name="Id">Of the model or upscaler.</param>
/// <param name="Bytes">Of its parts there; absent where that is not known here.</param>
/// <param name="InUse">Whether a job works with it; absent where that is not known here.</param>
/// <param name="IdleSeconds">Since it was used last; absent where that is not known here.</param>
/// <param name="Parts">That are there.</param>
public sealed record ResidentModelAnswer(string Id, long? Bytes, bool? InUse, double? IdleSeconds, IReadOnlyList<string> Parts);

/// <summary>A call of a network.</summary>
/// <param name="Model">Id of the model or upscaler.</param>
/// <param name="Stage">Kind of the network: denoiser, decoder …</param>
/// <param name="Rows">Pictures that share it.</param>
/// <param name="Seconds">Since it began.</param>
/// <param name="EstimatedSeconds">That it was expected to take.</param>
public sealed record RunningCallAnswer(string Model, string Stage, int Rows, double Seconds, double EstimatedSeconds);

/// <summary>A call that was made smaller after it ran out of memory.</summary>
/// <param name="Model">Id of the model or upscaler.</param>
/// <param name="Stage">Kind of the network: denoiser, decoder …</param>
/// <param name="Width">Of the latents, or of an upscaler's tile.</param>
/// <param name="Height">The same, from top to bottom.</param>
/// <param name="Evaluations">That fit in a call; a picture under guidance has two.</param>
public sealed record BatchLimitAnswer(string Model, string Stage, int Width, int Height, int Evaluations);
