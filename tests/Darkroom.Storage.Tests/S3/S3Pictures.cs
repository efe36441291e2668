using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Storage.S3;
using Darkroom.Storage.Tests.Contract;
using Darkroom.TestKit;

namespace Darkroom.Storage.Tests.S3;

/// <summary>The stores of objects keep the contract, each test in a bucket of its own that is not there yet.</summary>
public sealed class S3Pictures : IPicturesUnderTest
{
    private readonly string bucket = NewBucket(), spool = Directory.CreateTempSubdirectory("darkroom-spool").FullName;
    private readonly List<S3Bucket> opened = [];

    public bool OutlivesProcess => true;

    public static string NewBucket() => "test-" + new RandomIds().Next();

    public static S3Options Options(string bucket, Uri? endpoint = null) =>
        new() { Endpoint = endpoint ?? S3Server.Shared.Endpoint, Bucket = bucket, AccessKey = S3Server.Key, SecretKey = S3Server.Key };

    public IArtifactStore OpenPictures(long capacityBytes, TimeProvider time) =>
        new S3ArtifactStore(Open(), new RandomIds(), time, TimeSpan.FromHours(24), spool);

    public IInputStore OpenInputs(TimeProvider time) => new S3InputStore(Open(), new RandomIds(), time);

    public void Dispose()
    {
        opened.ForEach(one => one.Dispose());
        Directory.Delete(spool, recursive: true);
    }

    private S3Bucket Open()
    {
        var one = new S3Bucket(Options(bucket), TimeProvider.System);
        opened.Add(one);
        return one;
    }
}

public sealed class S3ArtifactTests : ArtifactContract<S3Pictures>;

public sealed class S3InputTests : InputContract<S3Pictures>;
