using Darkroom.Engine.Devices;
using Darkroom.Models.Residency;

namespace Darkroom.Engine.Readings;

/// <summary>What an engine is at, at one moment.</summary>
/// <param name="Devices">Each of its devices.</param>
/// <param name="Memory">What the process's memory is used for.</param>
/// <param name="Jobs">Jobs in hand.</param>
/// <param name="Rows">Pictures of theirs that still need a device.</param>
/// <param name="Calls">Calls of denoisers in the last minute.</param>
/// <param name="MeanRows">Rows of such a call in the mean; null: there were none.</param>
public sealed record EngineReading(
    IReadOnlyList<DeviceReading> Devices, IReadOnlyList<MemoryReading> Memory, int Jobs, int Rows, double Calls, double? MeanRows);

/// <param name="Index">0, 1 …, as settings and logs count them.</param>
/// <param name="Name"><c>cpu</c>, <c>cuda:0</c> …</param>
/// <param name="State">Whether it works.</param>
/// <param name="BusyShare">Share of the last minute in which a call ran: 0…1.</param>
/// <param name="UsedBytes">Weights in its memory.</param>
/// <param name="BudgetBytes">Weights that may be; null: no limit.</param>
/// <param name="Parts">Those weights, the least recently used first.</param>
/// <param name="Calls">What runs on it now.</param>
public sealed record DeviceReading(
    int Index, string Name, DeviceState State, double BusyShare, long UsedBytes, long? BudgetBytes, IReadOnlyList<ResidentPart> Parts,
    IReadOnlyList<CallReading> Calls);

/// <param name="Kind">Of the network: denoiser, decoder …</param>
/// <param name="Model">Its model.</param>
/// <param name="Rows">Pictures that share it.</param>
/// <param name="Since">How long it has run.</param>
public sealed record CallReading(string Kind, string Model, int Rows, TimeSpan Since);

/// <param name="Part">What it is used for.</param>
/// <param name="Bytes">Now.</param>
/// <param name="LimitBytes">The most that it may be; null: no limit of its own.</param>
public sealed record MemoryReading(string Part, long Bytes, long? LimitBytes);

/// <summary>A second's, as a mean of the last minute.</summary>
public sealed record RateReading(double Jobs, double Pictures, double MegapixelSteps);
