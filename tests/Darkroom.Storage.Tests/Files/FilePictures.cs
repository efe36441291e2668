using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Files;
using Darkroom.Storage.Tests.Contract;

namespace Darkroom.Storage.Tests.Files;

/// <summary>The stores of files keep the contract.</summary>
public sealed class FilePictures : IPicturesUnderTest
{
    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-files").FullName;

    public bool OutlivesProcess => true;

    public IArtifactStore OpenPictures(long capacityBytes, TimeProvider time) => new FileArtifactStore(
        Path.Combine(folder, "pictures"), new RandomIds(), time, new() { CapacityBytes = capacityBytes, KeepFreeBytes = 0 });

    public IInputStore OpenInputs(TimeProvider time) => new FileInputStore(Path.Combine(folder, "inputs"), new RandomIds(), time, keepFreeBytes: 0);

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

public sealed class FileArtifactTests : ArtifactContract<FilePictures>;

public sealed class FileCapacityTests : CapacityContract<FilePictures>;

public sealed class FileInputTests : InputContract<FilePictures>;
