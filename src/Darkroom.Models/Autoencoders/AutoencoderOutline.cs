using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Families;
using Darkroom.Models.Files;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks.Autoencoders;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Autoencoders;

/// <summary>Describes an autoencoder from its configuration, the outlines of its graphs or the headers of its weights.</summary>
internal static class AutoencoderOutline
{
    public static AutoencoderDescription Of(string id, AutoencoderPlace place, DateTimeOffset created)
    {
        var faults = new FaultList();
        var blank = new AutoencoderDescription { Id = id, Created = created };
        try
        {
            blank = Describe(blank, place, faults);
        }
        catch (GraphException e)
        {
            return blank with { Fault = e.Message }; // it has the faults so far in it
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(".", "cannot be read: " + FileFault.PlainReason(e));
        }
        return faults.Any ? blank with { Fault = faults.ToString() } : blank;
    }

    private static AutoencoderDescription Describe(AutoencoderDescription blank, AutoencoderPlace place, FaultList faults)
    {
        var fields = place.ReadConfig(faults);
        var config = fields is null ? null : AutoencoderConfig.Of(fields, unstatedScale: 1);
        if (fields?.Has("scaling_factor") == true) blank = blank with { Scale = config!.Scale };
        return place.IsGraphs ? OfGraphs(blank, place, config, faults) : OfWeights(blank, place, faults);
    }

    private static AutoencoderDescription OfGraphs(AutoencoderDescription blank, AutoencoderPlace place, AutoencoderConfig? config, FaultList faults)
    {
        GraphFile?[] halves = [.. AutoencoderPlace.Halves.Select(part => GraphFile.Read(place.Path, part, faults, required: part == FolderLayout.Decoder))];
        PartSize[] parts = [.. AutoencoderPlace.Halves.Zip(halves).Where(half => half.Second is not null)
            .Select(half => new PartSize(half.First, half.Second!.Bytes) { FixedBatch = AxesOf(half.Second)?[0] })];
        var latents = AxesOf(halves[0]);
        int? channels = config?.Channels ?? latents?[1];
        if (channels is null && halves[0] is not null)
            faults.Add($"{FolderLayout.Decoder}/config.json", "latent_channels: is missing, and the graph does not say how many channels latents have");
        if (latents?[1] is { } fixedChannels && fixedChannels != channels)
            faults.Add($"{FolderLayout.Decoder}/{GraphFile.Name}", $"takes latents of {fixedChannels} channels, and the configuration says {channels}");
        var unstated = AutoencoderConfig.Unstated(1);
        int factor = config?.Factor ?? unstated.Factor;
        return blank with
        {
            Channels = channels ?? 0,
            PictureChannels = config?.PictureChannels ?? unstated.PictureChannels,
            Factor = factor,
            FinestChannels = config?.FinestChannels ?? unstated.FinestChannels,
            WidestChannels = config?.WidestChannels ?? unstated.WidestChannels,
            HoldsScores = halves[0]?.Outline.FusesAttention != true,
            Encodes = halves[1] is not null,
            FixedSize = latents is [_, _, var high, var wide] && (high ?? wide) is { } side ? new(factor * (wide ?? side), factor * (high ?? side)) : null,
            Parts = parts,
            Bytes = parts.Sum(part => part.Bytes),
        };
    }

    private static AutoencoderDescription OfWeights(AutoencoderDescription blank, AutoencoderPlace place, FaultList faults)
    {
        if (place.Weights(faults) is not { } weights || place.ShapeOf(weights, faults) is not { } shape || faults.Any) return blank;
        PartSize[] parts = [.. AutoencoderPlace.Halves.Select(part => new PartSize(part, weights.BytesOf(part))).Where(part => part.Bytes > 0)];
        // Every weight is found and of the right shape, or its name is said.
        foreach (var part in parts)
            WrittenPart.Of(part.Name, weights, GraphTarget.Cpu, part.Name == FolderLayout.Decoder
                ? network => Autoencoder.WriteDecoder(shape, network) : network => Autoencoder.WriteEncoder(shape, network), faults, out _);
        return blank with
        {
            Channels = shape.LatentChannels,
            PictureChannels = shape.PictureChannels,
            Factor = 1 << (shape.Channels.Count - 1),
            FinestChannels = shape.Channels[0],
            WidestChannels = shape.Channels.Take(2).Max(),
            HoldsScores = false,
            Encodes = Array.Exists(parts, part => part.Name == FolderLayout.Encoder),
            Parts = parts,
            Bytes = parts.Sum(part => part.Bytes),
        };
    }

    private static IReadOnlyList<int?>? AxesOf(GraphFile? graph) =>
        graph?.Outline.AxesOf([.. Denoiser.SampleNames, "latent_sample"]) is { Count: 4 } axes ? axes : null;
}
