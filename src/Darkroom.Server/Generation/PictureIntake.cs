using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;
using Darkroom.Imaging.Values;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Generation;

/// <summary>
/// The last step before a request is admitted: its pictures are decoded, so that only sound ones wait for a job, and their files go to the input store.
/// The pixels stay at hand for the job, as far as there is room.
/// </summary>
internal sealed class PictureIntake(IInputStore inputs, DecodedPictures decoded, DecodeMemory memory)
{
    private static readonly Failure
        MemoryFull = new(FailureKind.InputsFull,
            "The pictures of waiting requests fill the memory that is set aside for them; there is room when some are finished."),
        DiskFull = new(FailureKind.DiskFull, "There is no space on the server's disk for the pictures of this request.");

    // Callers queue here and not in the decoder, which would hold a thread for each.
    private readonly SemaphoreSlim decoders = new(Environment.ProcessorCount);

    /// <summary>The request with the ids of its pictures, or why one is not taken; then nothing of it is kept.</summary>
    public async ValueTask<(GenerationRequest? Request, Failure? Failure)> TakeAsync(ValidOrder order, CancellationToken cancellation)
    {
        using var arrival = order.Arrival;
        if (order.Pictures.Count == 0) return (order.Request, null);
        var faults = new FaultList();
        var pixels = new List<Picture?>(order.Pictures.Count);
        // What a request keeps the values of is its first picture.
        int? channels = order.Request is { KeepsValues: true, Edit: not null } request ? request.Channels : null;
        foreach (var picture in order.Pictures)
            pixels.Add(await DecodeAsync(picture, pixels.Count == 0 ? channels : null, faults, cancellation));
        if (faults.Count > 0) return (null, Refusal.Of(faults));

        // The files are counted as the job's from here on, and no longer as what arrives.
        arrival?.Dispose();
        var ids = new List<string>(order.Pictures.Count);
        foreach (var picture in order.Pictures)
        {
            var added = await AddAsync(picture, ids);
            if (added is not InputAdded.Stored(var id))
            {
                await ReleaseAsync(ids);
                return (null, added is InputAdded.DiskFull ? DiskFull : MemoryFull);
            }
            if (pixels[ids.Count] is { } sound) decoded.Add(id, sound);
            ids.Add(id);
        }
        return (WithIds(order.Request, ids), null);
    }

    /// <summary>Lets the pictures of a request go that was not admitted.</summary>
    public ValueTask ReleaseAsync(GenerationRequest request) => ReleaseAsync([.. request.Inputs.Select(input => input.InputId)]);

    private async ValueTask ReleaseAsync(IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
        {
            decoded.Remove(id);
            await inputs.RemoveAsync(id, CancellationToken.None);
        }
    }

    private async ValueTask<InputAdded> AddAsync(SentPicture picture, List<string> before)
    {
        try
        {
            return await inputs.AddAsync(picture.File.Bytes, CancellationToken.None);
        }
        catch (StoreException)
        {
            foreach (var id in before) decoded.Remove(id); // their files are of no job: the sweep finds them when the store is back
            throw;
        }
    }

    /// <summary>The pixels; null where they are a fault, or values that no picture of 8 bits holds.</summary>
    /// <param name="channels">Channels of the model's pictures, where values are kept; null: it is a picture of colours.</param>
    private async Task<Picture?> DecodeAsync(SentPicture sent, int? channels, FaultList faults, CancellationToken cancellation)
    {
        // Four channels at most, eight bits each, and the decoder's own copy of the file; values are floats, beside 16 bits of them.
        long bytes = ((channels is { } planes ? 8L * Math.Max(4, planes) : 4L) * sent.File.Width * sent.File.Height) + sent.File.Bytes.Length;
        await memory.TakeAsync(bytes, cancellation);
        try
        {
            await decoders.WaitAsync(cancellation);
            try
            {
                return Decode(sent, channels, faults, cancellation);
            }
            finally
            {
                decoders.Release();
            }
        }
        finally
        {
            memory.Release(bytes);
        }
    }

    private static Picture? Decode(SentPicture sent, int? channels, FaultList faults, CancellationToken cancellation)
    {
        if (channels is { } wanted && (sent.File.Header.ArrayChannels is not null || sent.File.Header.Bits > 8))
        {
            if (!ValuesDecoder.TryDecode(sent.File.Bytes, PictureLimits.Default, wanted, out _, out var wrong, cancellation))
                faults.Add(PictureRefusal.Of(sent.Field, wrong));
            return null;
        }
        if (!PictureDecoder.TryDecode(sent.File.Bytes, PictureLimits.Default, out var picture, out var fault, cancellation))
            faults.Add(PictureRefusal.Of(sent.Field, fault));
        // On white, colours with alpha are colours, and a grey is three alike.
        else if (channels is { } own and not 3 && picture.Channels != own)
            faults.Add(PictureRefusal.Of(sent.Field, ValuesDecoder.OtherChannels(picture.Channels, own)));
        else if (sent.NeedsAlpha && !picture.HasAlpha)
            faults.Add(new Fault(
                sent.Field.Name,
                $"mask_mode 'alpha' repaints what is transparent, and this {sent.Field.Name} has no alpha channel.", null,
                "a PNG or WebP with an alpha channel"));
        return picture;
    }

    private static GenerationRequest WithIds(GenerationRequest request, List<string> ids)
    {
        var next = new Queue<string>(ids);
        return request with
        {
            Edit = request.Edit is not { } edit ? null : edit with
            {
                Picture = edit.Picture with { InputId = next.Dequeue() },
                Mask = edit.Mask is { } mask ? mask with { Picture = mask.Picture with { InputId = next.Dequeue() } } : null,
            },
            Controls = request.Controls is not { } controls ? null
                : [.. controls.Select(control => control with { Picture = control.Picture with { InputId = next.Dequeue() } })],
            Verify = request.Verify is not { } verify ? null : verify with { Picture = verify.Picture with { InputId = next.Dequeue() } },
        };
    }
}
