"""An issued certificate stays as it was printed: revoked or replaced, never edited, never deleted."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION certificates_stay_as_printed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a certificate is revoked, never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF ROW(OLD.uid, OLD.number, OLD.version, OLD.kind, OLD.enrolment_id, OLD.training_class_id,
           OLD.county_code, OLD.seat, OLD.printed, OLD.issued_at)
       IS DISTINCT FROM
       ROW(NEW.uid, NEW.number, NEW.version, NEW.kind, NEW.enrolment_id, NEW.training_class_id,
           NEW.county_code, NEW.seat, NEW.printed, NEW.issued_at)
       OR OLD.pdf_sha256 <> '' AND OLD.pdf_sha256 <> NEW.pdf_sha256
    THEN
        RAISE EXCEPTION 'a certificate stays as it was printed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER certificates_stay_as_printed BEFORE UPDATE OR DELETE ON certificates_certificate
    FOR EACH ROW EXECUTE FUNCTION certificates_stay_as_printed();
"""
THAW = """
DROP TRIGGER certificates_stay_as_printed ON certificates_certificate;
DROP FUNCTION certificates_stay_as_printed();
"""


class Migration(migrations.Migration):
    """Adds the trigger that keeps issued certificates as they are."""

    dependencies = [("certificates", "0001_initial")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
