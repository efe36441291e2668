using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Checkpoints;

/// <summary>Reads the header of a model's safetensors file. What is wrong with it becomes a fault.</summary>
internal static class CheckpointFile
{
    public const string Extension = ".safetensors", PickleExtension = ".ckpt";

    /// <summary>Null where a fault was added.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">As faults name it.</param>
    /// <param name="folder">
    /// Where it must lie when links are followed, or in the store of files that it is a link into; null: anywhere. ONNX Runtime reads no weights from
    /// elsewhere.
    /// </param>
    /// <param name="faults">Receives what is wrong.</param>
    public static SafetensorsFile? Read(string path, string name, string? folder, FaultList faults)
    {
        try
        {
            if (FileFault.Of(path) is { } fault) faults.Add(name, fault);
            else if (folder is not null && IsElsewhere(path, folder)) faults.Add(name, "is a link out of the models folder");
            else return SafetensorsFile.Read(path);
        }
        catch (InvalidDataException error)
        {
            faults.Add(name, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            faults.Add(name, "cannot be read: " + FileFault.PlainReason(error));
        }
        return null;
    }

    /// <summary>Links lead out of the folder, and not into a cache of the hub's, whose snapshots are links into its blobs.</summary>
    private static bool IsElsewhere(string path, string folder)
    {
        string real = RealPath.Of(path), home = RealPath.Of(folder);
        if (RealPath.IsBelow(real, home)) return false;
        string? blobs = Path.GetDirectoryName(real);
        return Path.GetFileName(blobs) != "blobs" || !RealPath.IsBelow(home, Path.GetDirectoryName(blobs)!);
    }
}
