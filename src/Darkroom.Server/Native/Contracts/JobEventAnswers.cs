using System.ComponentModel.DataAnnotations;
using Darkroom.Server.Wire;

namespace Darkroom.Server.Native.Contracts;

/// <summary>Data of the events <c>queued</c> and <c>started</c>.</summary>
/// <param name="Id">The job.</param>
/// <param name="At">When it happened.</param>
/// <param name="Position">Waiting jobs before this one, 0: it is next; absent where it does not wait.</param>
/// <param name="Eta">Seconds until the job is done; absent where no pace is known.</param>
public sealed record StandingEvent(string Id, DateTimeOffset At, int? Position, double? Eta);

/// <summary>Data of the event <c>progress</c>.</summary>
/// <param name="Step">Steps done, over all pictures.</param>
/// <param name="Steps">Steps wanted.</param>
/// <param name="Share">How much of the job is done: 0…1.</param>
/// <param name="Eta">Seconds until the job is done; absent where no pace is known.</param>
public sealed record ProgressEvent(int Step, int Steps, [property: Range(0, 1)] double Share, double? Eta);

/// <summary>Data of the event <c>preview</c>.</summary>
/// <param name="Index">Which picture, from 0.</param>
/// <param name="Step">Steps of this picture that were done.</param>
/// <param name="Format"><c>png</c></param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Data">The file, in base64.</param>
public sealed record PreviewEvent(
    int Index, int Step, [property: WireValue("png")] string Format, int Width, int Height, ReadOnlyMemory<byte> Data);
