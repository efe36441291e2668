using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Files;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.Shapes;

namespace Darkroom.Benchmarks.Real.Exported;

/// <summary>A checkpoint's parts in the form that an exporter gives them: a folder for each, with a graph and its weights.</summary>
internal static class ExportedModel
{
    private static readonly string[] TextEncoders = ["text_encoder", "text_encoder_2"];

    /// <summary>Writes what is not there yet.</summary>
    public static void Write(string checkpoint, string folder)
    {
        var place = ModelPlace.At(checkpoint);
        string[] texts = [.. TextEncoders.Where(place.MayHave)];
        foreach (string part in (string[])["unet", FolderLayout.Decoder, .. texts])
        {
            string target = Path.Combine(folder, part);
            if (File.Exists(Path.Combine(target, ExportedFile.Name))) continue; // written last
            ExportedFile.Write(Graph(place, part, isXl: texts.Length > 1), target);
        }
    }

    private static WrittenGraph Graph(ModelPlace place, string part, bool isXl)
    {
        var faults = new FaultList();
        var weights = place.Source.Find(GraphFile.WeightsOf(part), faults) ?? throw new InvalidDataException(faults.ToString());
        var network = new NetworkWriter(TorchModule.Target, weights.Weights, faults, weights.Name);
        var written = part switch
        {
            "unet" => UNetShapeFile.Read(place.Root, faults) is { } shape ? TorchUNet.Write(shape, network, linear: isXl) : null,
            FolderLayout.Decoder => AutoencoderShapeFile.Read(place.Root, faults) is { } shape ? TorchDecoder.Write(shape, network) : null,
            _ => ClipTextShapeFile.Read(place.Root, part, faults) is { } shape ? TorchTextEncoder.Write(shape, network, hidden: isXl, part) : null,
        };
        return written is not null && !faults.Any ? written : throw new InvalidDataException(faults.ToString());
    }
}
