using System.Diagnostics.CodeAnalysis;
using Darkroom.Engine.Artifacts;
using Darkroom.Storage.Keeping;

namespace Darkroom.Storage.S3;

/// <summary>
/// <c>pictures/{id}.{job}.{sha256}.{format}.{time}</c>: the name of a picture's file and when it was stored, in milliseconds of Unix time as 12 hex digits. A
/// list tells all that is known of the pictures. The first digits of the id are its job's, so that one list has all pictures of a job, and little else.
/// </summary>
internal static class PictureKey
{
    private const int JobDigits = 8; // 24 stay random: 96 bits

    /// <summary>An id for a picture of a job.</summary>
    /// <param name="random">An id of random digits.</param>
    public static string IdFor(string job, string random) => string.Concat(job.AsSpan(0, JobDigits), random.AsSpan(JobDigits));

    public static string Of(Artifact picture, DateTimeOffset writtenAt) => $"pictures/{PictureFileName.Of(picture)}.{StoredTime.Of(writtenAt)}";

    /// <summary>How the keys of all pictures begin.</summary>
    public const string All = "pictures/";

    /// <summary>How the key of a picture begins.</summary>
    public static string PrefixOf(string id) => $"pictures/{id}.";

    /// <summary>How the keys of a job's pictures begin, given the job's id or that of one of the pictures.</summary>
    public static string GroupOf(string id) => $"pictures/{id.AsSpan(0, JobDigits)}";

    public static bool TryParse(S3Entry entry, [NotNullWhen(true)] out Artifact? picture, out DateTimeOffset writtenAt)
    {
        (picture, writtenAt) = (null, default);
        string name = entry.Key[(entry.Key.IndexOf('/', StringComparison.Ordinal) + 1)..];
        int last = name.LastIndexOf('.');
        return last > 0 && StoredTime.TryParse(name.AsSpan(last + 1), out writtenAt) && PictureFileName.TryParse(name[..last], entry.Length, out picture);
    }
}
